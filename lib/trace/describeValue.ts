import { errorNameOf, isError, messageOf, read, tagOf } from '../readError';

const LONGEST = 120;

/** Writes a value on one line, so that a person can tell it from another. */
export function describeValue(value: unknown): string {
  const text = write(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function write(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `function ${textIn(value, 'name')}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isError(value)) return `${errorNameOf(value)}: ${messageOf(value)}`;
  try {
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' ? json : tagOf(value);
  } catch {
    return tagOf(value);
  }
}

function textIn(value: object, key: string): string {
  const text = read(value, key);
  return typeof text === 'string' ? text : '';
}
