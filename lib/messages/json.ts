import { AgentError } from '../AgentError';

/** What a payload is on its way: data as JSON has it, or nothing. Whoever gets one leaves it as it is. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Payload = Json | undefined;

/** How many characters a payload may have, written as JSON, and how deep it may be nested. */
export const MOST_CHARACTERS = 1_000_000;
export const MOST_LEVELS = 999;

/**
 * Makes a payload of a value, as `JSON.stringify` and `JSON.parse` would: a copy that nobody else can change.
 *
 * @param where what the payload is for, as errors name it
 * @throws AgentError `message-too-large`, also if the value contains itself, or `bad-message` if it has a bigint in it
 */
export function toPayload(where: string, value: unknown): Payload {
  // Most are small: what cannot be too large is not measured.
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value === 'number') return toJsonNumber(value);
  return new PayloadWriter(where).copy('', value, 0);
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

class PayloadWriter {
  private room = MOST_CHARACTERS;

  constructor(private readonly where: string) {}

  copy(key: string, value: unknown, level: number): Payload {
    switch (typeof value) {
      case 'string':
        this.take(value.length + 2);
        return value;
      case 'number':
        this.take(1);
        return toJsonNumber(value);
      case 'boolean':
        this.take(1);
        return value;
      case 'object':
        return value === null ? null : this.copyObject(key, value, level);
      case 'bigint':
        throw new AgentError(
          'bad-message',
          `${this.where}: ${key === '' ? 'the payload' : key} is a bigint, which JSON does not know. Send it as a string.`,
        );
      default:
        return undefined;
    }
  }

  private copyObject(key: string, value: object, level: number): Payload {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.copy(key, toJSON.call(value, key) as unknown, level);
    if (level === MOST_LEVELS) throw tooLarge(this.where);
    this.take(2);
    if (Array.isArray(value)) {
      return Object.freeze(value.map((item) => this.copy(key, item, level + 1) ?? null));
    }
    const copy: Record<string, Json> = {};
    for (const name of Object.keys(value)) {
      const copied = this.copy(name, (value as Readonly<Record<string, unknown>>)[name], level + 1);
      if (copied === undefined) continue;
      this.take(name.length + 4);
      // As an assignment, this one key would set the prototype.
      if (name === '__proto__') Object.defineProperty(copy, name, { value: copied, enumerable: true });
      else copy[name] = copied;
    }
    return Object.freeze(copy);
  }

  private take(characters: number): void {
    this.room -= characters;
    if (this.room < 0) throw tooLarge(this.where);
  }
}

/** JSON knows neither what is no number, nor a negative zero. */
function toJsonNumber(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

function tooLarge(where: string): AgentError {
  const message = `${where}: the payload has more than ${MOST_CHARACTERS.toLocaleString('en')} characters as JSON, or is nested deeper than ${MOST_LEVELS}. Send it in parts, or send where it can be fetched.`;
  return new AgentError('message-too-large', message);
}
