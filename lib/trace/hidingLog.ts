import { errorNameOf, isError, messageOf, read, textOf } from '../readError';
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
  if (isError(value)) return hideInError(value, hide, depth);
  try {
    return hideInMembers(value, hide, depth);
  } catch {
    return hide(textOf(value));
  }
}

function hideInMembers(value: object, hide: Hide, depth: number): unknown {
  if (!Array.isArray(value) && !isPlain(value)) return value;
  const entries = Object.entries(value);
  const hidden = entries.map(([key, member]) => [key, hideIn(member, hide, depth - 1)] as const);
  if (hidden.every(([, member], index) => member === entries[index]?.[1])) return value;
  return Array.isArray(value) ? hidden.map(([, member]) => member) : Object.fromEntries(hidden);
}

function hideInError(error: Error, hide: Hide, depth: number): Error {
  const given = { message: messageOf(error), stack: read(error, 'stack'), cause: read(error, 'cause') };
  const message = hide(given.message);
  const stack = typeof given.stack === 'string' ? hide(given.stack) : undefined;
  const cause = hideIn(given.cause, hide, depth - 1);
  if (message === given.message && stack === given.stack && cause === given.cause) return error;
  const shown = new Error(message, cause === undefined ? undefined : { cause });
  shown.name = errorNameOf(error);
  if (stack !== undefined) shown.stack = stack;
  return shown;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
