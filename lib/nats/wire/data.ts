import { AgentError, messageOf } from '../../AgentError';
import { refuseTooLarge } from '../../messages/payloads/json';
import type { Payload } from '../../messages/payloads/Payload';
import { MOST_CHARACTERS, MOST_LEVELS, tooLarge } from '../../messages/payloads/payloadErrors';

const NOTHING = new Uint8Array(0);

/**
 * A payload as JSON in UTF-8; nothing at all is no bytes.
 *
 * @param most how many bytes the server takes
 * @throws AgentError `message-too-large`
 */
export function toData(where: string, payload: Payload, most: number): Uint8Array {
  if (payload === undefined) return NOTHING;
  // What is written in so few characters can be neither large nor deep.
  const text = isSmall(payload) ? JSON.stringify(payload) : textOf(where, payload);
  const data = Buffer.from(text, 'utf8');
  if (data.length <= most) return data;
  const message = `${where}: the payload has ${data.length.toLocaleString('en')} bytes as JSON, and the server takes ${most.toLocaleString('en')} (max_payload). Send it in parts, or send where it can be fetched.`;
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

function isSmall(payload: Payload): boolean {
  return typeof payload !== 'object' && typeof payload !== 'string';
}

function textOf(where: string, payload: Payload): string {
  // A string is measured first: to write one that is far too large takes long.
  if (typeof payload === 'string' && payload.length > MOST_CHARACTERS) throw tooLarge(where);
  const text = JSON.stringify(payload);
  if (text.length > 2 * MOST_LEVELS) refuseTooLarge(where, payload);
  return text;
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
