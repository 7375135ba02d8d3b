import type { Log } from './Log';

/** Writes over what is secret in a text. */
export type Hide = (text: string) => string;

/** How deep secrets are looked for in what a line of the log bears. */
const DEPTH = 5;

/** A log in which what is secret is written over, in its messages and in what they bear. */
export function hidingLog(log: Log, hide: Hide): Log {
  const to = (level: keyof Log): Log[typeof level] => {
    return (message, fields) => {
      if (fields === undefined) log[level](hide(message));
      else log[level](hide(message), hideIn(fields, hide, DEPTH) as typeof fields);
    };
  };
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
}

/** What bears no secret stays the object that it is. */
function hideIn(value: unknown, hide: Hide, depth: number): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (value instanceof Error) return hideInError(value, hide, depth);
  if (!Array.isArray(value) && !isPlain(value)) return value;
  const entries = Object.entries(value);
  const hidden = entries.map(([key, member]) => [key, hideIn(member, hide, depth - 1)] as const);
  if (hidden.every(([, member], index) => member === entries[index]?.[1])) return value;
  return Array.isArray(value) ? hidden.map(([, member]) => member) : Object.fromEntries(hidden);
}

function hideInError(error: Error, hide: Hide, depth: number): Error {
  const cause = hideIn(error.cause, hide, depth - 1);
  const [message, stack] = [hide(error.message), error.stack && hide(error.stack)];
  if (message === error.message && stack === error.stack && cause === error.cause) return error;
  const shown = new Error(message, cause === undefined ? undefined : { cause });
  shown.name = error.name;
  if (stack !== undefined) shown.stack = stack;
  return shown;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
