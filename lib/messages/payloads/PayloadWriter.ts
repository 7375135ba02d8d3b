import type { AgentError } from '../../AgentError';
import { foreignObject, foreignValue, isBinary } from './foreignKind';
import type { Json, Payload } from './Payload';
import {
  containsItself,
  MOST_CHARACTERS,
  MOST_LEVELS,
  type PayloadPath,
  tooLarge,
  unknownToJson,
} from './payloadErrors';

/** How long a way it keeps at rest. */
const KEPT_LEVELS = 16;

/** Copies one payload, and keeps the way to the part that it is at: only the way up to its level counts. */
export class PayloadWriter {
  private room = MOST_CHARACTERS;
  private level = 0;
  private readonly way: (string | number)[] = [];
  private refusal: AgentError | undefined;
  private where = '';
  private whole: unknown;

  /** Writes one after another: the way alone would be a tenth of what a call makes, as its bench rows show. */
  begin(where: string, whole: unknown): this {
    this.where = where;
    this.whole = whole;
    this.room = MOST_CHARACTERS;
    this.level = 0;
    return this;
  }

  /** Lets go of what it has written. */
  end(): void {
    this.whole = this.refusal = undefined;
    if (this.way.length > KEPT_LEVELS) this.way.length = KEPT_LEVELS;
  }

  get path(): PayloadPath {
    return this.way.slice(0, this.level);
  }

  /** Whether it is what this has thrown, and not a getter of the payload's. */
  isRefusal(error: unknown): boolean {
    return error === this.refusal;
  }

  copy(value: unknown): Payload {
    if (typeof value !== 'object' || value === null) return this.copyValue(value);
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON !== 'function' || isBinary(value)) return this.copyObject(value);
    const data: unknown = toJSON.call(value, String(this.way[this.level - 1] ?? ''));
    if (typeof data === 'object' && data !== null) return this.copyObject(data);
    // An invalid date says that it is nothing.
    if (data === null && value instanceof Date) throw this.refuse('is an invalid date', 'Leave it out.');
    return this.copyValue(data);
  }

  private copyValue(value: unknown): Payload {
    switch (typeof value) {
      case 'string':
        this.take(value.length + 2);
        return value;
      case 'boolean':
        this.take(1);
        return value;
      case 'number':
        if (!Number.isFinite(value)) break;
        this.take(1);
        // JSON knows no negative zero.
        return value + 0;
      case 'object':
        if (value === null) return null;
        break;
      case 'undefined':
        return undefined;
      default:
    }
    const { what, hint } = foreignValue(value);
    throw this.refuse(what, hint);
  }

  private copyObject(value: object): Payload {
    const foreign = foreignObject(value);
    if (foreign !== undefined) throw this.refuse(foreign.what, foreign.hint);
    if (this.level === MOST_LEVELS) throw this.tooDeep();
    this.take(2);
    return Array.isArray(value) ? this.copyList(value) : this.copyMembers(value);
  }

  private copyList(list: readonly unknown[]): Payload {
    const { level } = this;
    const copy: Json[] = [];
    for (let index = 0; index < list.length; index++) {
      this.way[level] = index;
      this.level = level + 1;
      const copied = this.copy(list[index]);
      if (copied === undefined) {
        this.level = level + 1;
        const { what, hint } = foreignValue(undefined);
        throw this.refuse(what, hint);
      }
      copy.push(copied);
    }
    this.level = level;
    return Object.freeze(copy);
  }

  private copyMembers(value: object): Payload {
    const { level } = this;
    const copy: Record<string, Json> = {};
    for (const name of Object.keys(value)) {
      this.way[level] = name;
      this.level = level + 1;
      const copied = this.copy((value as Readonly<Record<string, unknown>>)[name]);
      if (copied === undefined) continue;
      this.take(name.length + 4);
      // As an assignment, this one key would set the prototype.
      if (name === '__proto__') Object.defineProperty(copy, name, { value: copied, enumerable: true });
      else copy[name] = copied;
    }
    this.level = level;
    return Object.freeze(copy);
  }

  private take(characters: number): void {
    this.room -= characters;
    if (this.room < 0) throw (this.refusal = tooLarge(this.where));
  }

  private refuse(what: string, hint: string): AgentError {
    return (this.refusal = unknownToJson(this.where, this.path, what, hint));
  }

  /** Either it is deep, or it goes round in a circle. */
  private tooDeep(): AgentError {
    const { way, where } = this;
    const seen = new Map<unknown, number>();
    let part = this.whole;
    for (let level = 0; level <= MOST_LEVELS && typeof part === 'object' && part !== null; level++) {
      if (seen.has(part)) return (this.refusal = containsItself(where, way.slice(0, seen.get(part))));
      seen.set(part, level);
      part = (part as Readonly<Record<string | number, unknown>>)[way[level] ?? ''];
    }
    return (this.refusal = tooLarge(where));
  }
}
