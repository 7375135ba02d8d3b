import { AgentError, messageOf } from '../../AgentError';
import { refuseTooLarge } from '../../messages/payloads/json';
import type { Payload } from '../../messages/payloads/Payload';
import { MOST_CHARACTERS, MOST_LEVELS, tooLarge } from '../../messages/payloads/payloadErrors';

/**
 * A payload as JSON; nothing at all is no text.
 *
 * @throws AgentError `message-too-large`
 */
export function toText(where: string, payload: Payload): string {
  if (payload === undefined) return '';
  // A string is measured first: to write one that is far too large takes long.
  if (typeof payload === 'string' && payload.length > MOST_CHARACTERS) throw tooLarge(where);
  const text = JSON.stringify(payload);
  // What is written in so few characters can be neither large nor deep.
  if (text.length > 2 * MOST_LEVELS) refuseTooLarge(where, payload);
  return text;
}

/**
 * Refuses what the server does not take.
 *
 * @throws AgentError `message-too-large`
 */
export function checkSize(where: string, { length }: Uint8Array, most: number): void {
  if (length <= most) return;
  const message = `${where}: the payload has ${length.toLocaleString('en')} bytes as JSON, and the server takes ${most.toLocaleString('en')} (max_payload). Send it in parts, or send where it can be fetched.`;
  throw new AgentError('message-too-large', message);
}

/**
 * Reads what has come in. It is frozen, as it is on a bus in memory, since all subscribers are given the same.
 *
 * @throws AgentError `bad-message` if it is no JSON, or `message-too-large`
 */
export function fromData(where: string, data: Uint8Array): Payload {
  if (data.length === 0) return undefined;
  let payload: Payload;
  try {
    payload = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8')) as Payload;
  } catch (cause) {
    const message = `${where}: what has come in is no JSON: ${messageOf(cause)}`;
    throw new AgentError('bad-message', message, { cause });
  }
  if (typeof payload !== 'object' || payload === null) return payload;
  if (!frozen(payload, 0)) throw tooLarge(where);
  return payload;
}

/** Freezes all that is in it; false if it is nested too deep. */
function frozen(value: object, level: number): boolean {
  if (level === MOST_LEVELS) return false;
  for (const key in value) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof part === 'object' && part !== null && !frozen(part, level + 1)) return false;
  }
  Object.freeze(value);
  return true;
}
