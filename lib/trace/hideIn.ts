import { errorNameOf, isError, messageOf, read } from '../readError';
import { type Hide, hideScalar } from './Hide';

/** What is deeper, or more, is left out: it could bear a secret that nobody has looked for. */
const DEPTH = 12;
const MEMBERS = 20_000;
const BYTES = 1_000_000;
const CUT = '(not shown: too much to look for secrets in)';

/**
 * What is shown of a value when all that is secret in it is written over: in texts, keys, numbers, errors, bytes, and
 * in whatever holds any of those. What bears no secret stays what it is; of all else this is a plain copy.
 */
export function hideIn(value: unknown, hide: Hide): unknown {
  return new Copier(hide).copy(value, undefined, 0);
}

class Copier {
  private members = 0;
  /** What has been copied, or is being copied: values may hold themselves. */
  private readonly copies = new Map<object, unknown>();

  constructor(private readonly hide: Hide) {}

  /** @param key the field that the value stands under, or the list that it stands in */
  copy(value: unknown, key: string | undefined, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.hide(value);
      case 'number':
      case 'bigint':
      case 'boolean':
        return hideScalar(value, this.hide, key);
      case 'symbol': {
        const text = String(value);
        return this.hide(text) === text ? value : this.hide(text);
      }
      case 'object':
        return value === null ? null : this.object(value, key, depth);
      default:
        return value;
    }
  }

  private object(value: object, key: string | undefined, depth: number): unknown {
    if (this.copies.has(value)) return this.copies.get(value);
    if (depth > DEPTH || this.members > MEMBERS) return CUT;
    let copy: unknown;
    try {
      copy = this.copyOf(value, key, depth + 1);
    } catch (error) {
      copy = `(not shown, since it cannot be read: ${this.hide(messageOf(error))})`;
    }
    this.copies.set(value, copy);
    return copy;
  }

  private copyOf(value: object, key: string | undefined, depth: number): unknown {
    if (value instanceof Date) return value;
    if (value instanceof String) return this.same(value, this.hide(String(value)), String(value));
    if (ArrayBuffer.isView(value)) return this.bytes(value);
    if (value instanceof ArrayBuffer) return this.bytes(new Uint8Array(value), value);
    if (Array.isArray(value)) return this.list(value, key, depth);
    if (isError(value)) return this.error(value, depth);
    if (value instanceof Map) return this.filled(value, new Map(), depth);
    if (value instanceof Set) return this.filled(value, new Set(), depth);
    const copy = this.record(value, {}, Reflect.ownKeys(value), depth);
    return copy === value ? this.form(value, key, depth) : copy;
  }

  private list(list: readonly unknown[], key: string | undefined, depth: number): unknown {
    const copy: unknown[] = [];
    this.copies.set(list, copy);
    for (const member of list) copy.push(this.member(member, key, depth));
    return copy.every((member, index) => Object.is(member, list[index])) ? list : copy;
  }

  private record(value: object, copy: object, keys: readonly PropertyKey[], depth: number): object {
    this.copies.set(value, copy);
    let isSame = true;
    for (const key of keys) {
      if (Object.getOwnPropertyDescriptor(value, key)?.enumerable === false) continue;
      const member: unknown = Reflect.get(value, key);
      const [name, shown] = [
        typeof key === 'string' ? this.hide(key) : key,
        this.member(member, typeof key === 'string' ? key : undefined, depth),
      ];
      isSame &&= name === key && Object.is(shown, member);
      // A key may be `__proto__`.
      Object.defineProperty(copy, name, {
        value: shown,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return isSame ? value : copy;
  }

  private filled(
    value: Map<unknown, unknown> | Set<unknown>,
    copy: Map<unknown, unknown> | Set<unknown>,
    depth: number,
  ): unknown {
    this.copies.set(value, copy);
    let isSame = true;
    for (const [key, member] of value.entries()) {
      const name = this.member(key, undefined, depth);
      const shown = this.member(member, typeof key === 'string' ? key : undefined, depth);
      isSame &&= Object.is(name, key) && Object.is(shown, member);
      if (copy instanceof Map) copy.set(name, shown);
      else copy.add(shown);
    }
    return isSame ? value : copy;
  }

  /** Its class, as far as anybody asks for that, is lost: what a class adds may show all that is hidden here. */
  private error(error: Error, depth: number): Error {
    const copy = new Error();
    this.copies.set(error, copy);
    let isSame = this.record(error, copy, Object.keys(error), depth) === error;
    const texts = { name: errorNameOf(error), message: messageOf(error) };
    const own = ['stack', 'cause', 'errors'].filter((key) => Object.hasOwn(error, key));
    for (const [key, given] of [
      ...Object.entries(texts),
      ...own.map((key) => [key, read(error, key)] as const),
    ]) {
      const value = this.member(given, key, depth);
      isSame &&= Object.is(value, given);
      Object.defineProperty(copy, key, { value, configurable: true, writable: true });
    }
    return isSame ? error : copy;
  }

  /** What an object is shown as, if it does not have it in fields: an URL, headers, what has a form in JSON. */
  private form(value: object, key: string | undefined, depth: number): unknown {
    const { toJSON, entries } = value as { readonly toJSON?: unknown; readonly entries?: unknown };
    const form: unknown =
      typeof toJSON === 'function'
        ? toJSON.call(value, key ?? '')
        : typeof entries === 'function' && Symbol.iterator in value
          ? [...(value as Iterable<unknown>)]
          : undefined;
    if (form === undefined || form === value) return value;
    return this.same(value, this.copy(form, key, depth), form);
  }

  private bytes(view: ArrayBufferView, value: object = view): unknown {
    if (view.byteLength > BYTES) return CUT;
    const text = textOf(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return this.same(value, this.hide(text), text);
  }

  private member(member: unknown, key: string | undefined, depth: number): unknown {
    this.members++;
    return this.copy(member, key, depth);
  }

  /** The value itself, if what it is shown as has stayed the same. */
  private same(value: object, shown: unknown, form: unknown): unknown {
    return Object.is(shown, form) ? value : shown;
  }
}

/** The bytes as text in UTF-8, or byte by byte if they are none. Not every host has a decoder for that. */
function textOf(bytes: Uint8Array): string {
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}
