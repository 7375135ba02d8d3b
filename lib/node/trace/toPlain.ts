import { errorNameOf, isError, messageOf, read, tagOf, textOf } from '../../readError';
import { type Hide, hideScalar } from '../../trace/Hide';

/** Bounds of what one value may take in a line. */
const LONGEST = 1000;
const DEPTH = 6;
const MEMBERS = 100;
const NODES = 1000;

/**
 * Makes of any value one that JSON can hold, cut short if it is huge. What JSON has no form for becomes an object
 * with one key that begins with `$`: `$error`, `$bigint`, `$number`, `$function`, `$symbol`, `$map`, `$set`,
 * `$circular`, `$undefined`, `$threw` for a getter that has thrown, and `$cut` for what was left out.
 */
export function toPlain(value: unknown, hide: Hide): unknown {
  return new Plainer(hide).plain(value, 0);
}

class Plainer {
  private nodes = 0;
  private readonly above = new Set<object>();

  constructor(private readonly hide: Hide) {}

  /** @param key the field that the value stands under, or the list that it stands in */
  plain(value: unknown, depth: number, key?: string): unknown {
    this.nodes++;
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isFinite(value) ? hideScalar(value, this.hide, key) : { $number: String(value) };
      case 'bigint':
        return { $bigint: String(hideScalar(value, this.hide, key)) };
      case 'function':
        return { $function: this.text(nameIn(value)) };
      case 'symbol':
        return { $symbol: this.text(String(value.description)) };
      case 'undefined':
        return { $undefined: true };
      case 'boolean':
        return hideScalar(value, this.hide, key);
      case 'object':
        return value === null ? null : this.object(value, depth, key);
    }
  }

  private text(text: string): string {
    // Cut with room for a secret that lies across the border.
    const shown = this.hide(text.length > 2 * LONGEST ? text.slice(0, 2 * LONGEST) : text);
    if (text.length <= LONGEST) return shown;
    return `${shown.slice(0, LONGEST)}… (${text.length} characters)`;
  }

  private object(value: object, depth: number, key?: string): unknown {
    if (this.above.has(value)) return { $circular: true };
    if (depth >= DEPTH || this.nodes > NODES) return { $cut: this.text(tagOf(value)) };
    this.above.add(value);
    try {
      return this.members(value, depth + 1, key);
    } catch (error) {
      return { $threw: this.text(textOf(error)) };
    } finally {
      this.above.delete(value);
    }
  }

  private members(value: object, depth: number, key?: string): unknown {
    if (Array.isArray(value)) return this.list(value, depth, key);
    if (value instanceof Date)
      return Number.isNaN(value.getTime()) ? { $number: 'NaN' } : value.toISOString();
    if (value instanceof URL) return this.text(value.href);
    if (value instanceof Map) return { $map: this.list([...first(value)], depth) };
    if (value instanceof Set) return { $set: this.list([...first(value)], depth) };
    if (ArrayBuffer.isView(value)) return { $cut: `${value.constructor.name} of ${value.byteLength} bytes` };
    if (isError(value)) return { $error: this.error(value, depth) };
    return this.record(Object.entries(value).slice(0, MEMBERS + 1), depth);
  }

  private list(values: readonly unknown[], depth: number, key?: string): unknown[] {
    const plain = values.slice(0, MEMBERS).map((value) => this.plain(value, depth, key));
    if (values.length > MEMBERS) plain.push({ $cut: `${values.length} in all` });
    return plain;
  }

  private error(error: Error, depth: number): unknown {
    const [stack, cause] = [read(error, 'stack'), read(error, 'cause')];
    const members: [string, unknown][] = [
      ['name', errorNameOf(error)],
      ['message', messageOf(error)],
      ...Object.entries(error).filter(([key, value]) => key !== 'name' && value !== undefined),
    ];
    if (stack !== undefined) members.push(['stack', stack]);
    if (cause !== undefined) members.push(['cause', cause]);
    return this.record(members, depth);
  }

  private record(members: readonly (readonly [string, unknown])[], depth: number): Record<string, unknown> {
    const plain: [string, unknown][] = [];
    for (const [key, value] of members) {
      if (plain.length === MEMBERS || this.nodes > NODES) {
        plain.push(['$cut', 'the rest']);
        break;
      }
      if (value !== undefined) plain.push([this.text(key), this.plain(value, depth, key)]);
    }
    return Object.fromEntries(plain);
  }
}

function nameIn(value: object): string {
  const name = read(value, 'name');
  return typeof name === 'string' ? name : '';
}

/** As many members as are shown, and one more, so that it is seen that there are more. */
function* first<T>(values: Iterable<T>): Iterable<T> {
  let count = 0;
  for (const value of values) {
    if (count++ > MEMBERS) return;
    yield value;
  }
}
