import { messageOf } from '../../AgentError';
import type { Payload } from './Payload';
import { PayloadWriter } from './PayloadWriter';
import { MOST_CHARACTERS, MOST_LEVELS, tooLarge, unreadable } from './payloadErrors';

let atRest: PayloadWriter | undefined;

/**
 * Makes a payload of a value, as `JSON.stringify` and `JSON.parse` would: a copy that nobody else can change. What
 * JSON would lose, or make something else of, is refused; but -0 is 0, and a member that is undefined is left out.
 *
 * @param where what the payload is for, as errors name it
 * @throws AgentError `message-too-large`, also if the value contains itself, or `bad-message` with the path of what
 *   JSON does not know: a Map, an Error, an instance of a class that has no `toJSON`, NaN and the like
 */
export function toPayload(where: string, value: unknown): Payload {
  // Most are small: what cannot be too large is not measured.
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  // JSON knows no negative zero.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  // What a payload calls, a `toJSON` or a getter, may send something in turn.
  const writer = atRest ?? new PayloadWriter();
  atRest = undefined;
  writer.begin(where, value);
  try {
    return writer.copy(value);
  } catch (error) {
    throw writer.isRefusal(error) ? error : unreadable(where, writer.path, messageOf(error), error);
  } finally {
    writer.end();
    atRest = writer;
  }
}

/** @throws AgentError `message-too-large` */
export function refuseTooLarge(where: string, payload: unknown): void {
  const room = roomBehind(payload, MOST_CHARACTERS, 0);
  if (room < 0) throw tooLarge(where);
}

/** How many characters are left of the room for a payload; fewer than none if it does not fit. */
function roomBehind(value: unknown, room: number, level: number): number {
  if (typeof value === 'string') return room - value.length - 2;
  if (typeof value !== 'object' || value === null) return room - 1;
  if (level === MOST_LEVELS) return -1;
  let left = room - 2;
  for (const key in value) {
    left = roomBehind((value as Readonly<Record<string, unknown>>)[key], left - key.length - 4, level + 1);
    if (left < 0) return left;
  }
  return left;
}
