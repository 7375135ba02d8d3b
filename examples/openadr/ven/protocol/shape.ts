import { ProtocolError } from './ProtocolError';
import type { XmlContent } from './writeXml';
import type { XmlElement } from './XmlElement';
import { formatDateTime, formatIsoDuration, parseDateTime, parseIsoDuration } from './isoTime';

/** How a value is read from an element, and written into one. Each shape is written down once and does both. */
export interface Shape<T> {
  /** @throws ProtocolError */
  read(element: XmlElement): T;
  write(value: T): XmlContent;
}

/** The type of what a shape reads and writes. */
export type Value<S> = S extends Shape<infer T> ? T : never;

function textual<T>(read: (text: string) => T, write: (value: T) => string = String): Shape<T> {
  return { read: ({ text }) => read(text), write };
}

export const text = textual((given) => given);

export const dateTime = textual(parseDateTime, formatDateTime);

export const duration = textual(parseIsoDuration, formatIsoDuration);

const MOST = 2 ** 32 - 1;

export const integer = textual((given) => {
  const value = /^\d+$/.test(given) ? Number(given) : NaN;
  if (value <= MOST) return value;
  throw new ProtocolError(`"${given.slice(0, 40)}" is no whole number up to ${MOST}`);
});

export const float = textual((given) => {
  const value = given === '' ? NaN : Number(given);
  if (Number.isFinite(value)) return value;
  throw new ProtocolError(`"${given}" is no number`);
});

export const boolean = textual((given) => {
  if (given === 'true' || given === '1') return true;
  if (given === 'false' || given === '0') return false;
  throw new ProtocolError(`"${given}" is neither true nor false`);
});

/** One of some words. */
export function word<W extends string>(...words: readonly W[]): Shape<W> {
  return textual((given) => {
    const found = words.find((known) => known === given);
    if (found !== undefined) return found;
    throw new ProtocolError(`"${given}" is none of ${words.join(', ')}`);
  });
}
