/** What JSON does not know, and what its sender can do about it. */
export interface ForeignKind {
  /** What it is: "is a Map". */
  readonly what: string;
  readonly hint: string;
}

const ENCODE = 'Send plain data, or let a codec of the schema (z.codec) encode it.';

/** What a value is that is neither an object nor in JSON. */
export function foreignValue(value: unknown): ForeignKind {
  switch (typeof value) {
    case 'bigint':
      return { what: 'is a bigint', hint: 'Send it as a string.' };
    case 'number':
      return { what: `is ${value}`, hint: 'Send null for it, or leave it out.' };
    case 'undefined':
      return { what: 'is undefined', hint: 'Send null for it, or leave it out of the list.' };
    default:
      return { what: `is a ${typeof value}`, hint: 'Leave it out.' };
  }
}

/** What kind of object it is, if JSON would lose something of it; undefined for lists, and for plain objects. */
export function foreignObject(value: object): ForeignKind | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null) return undefined;
  if (Array.isArray(value) ? Array.isArray(prototype) : isRoot(prototype as object)) return undefined;
  const name = classOf(value);
  if (name === 'Promise') return { what: 'is a promise', hint: 'Await it first.' };
  const article = /^[AEIO]/.test(name) ? 'an' : 'a';
  const what = name === '' ? 'is an instance of a class' : `is ${article} ${name}`;
  return { what, hint: ENCODE };
}

/** What bytes are in JSON is nothing that anybody wants: `{"0":1,"1":2}`, or the bytes as numbers. */
export function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value);
}

/** Whether it is the `Object.prototype` of some realm: of another window, or of a test's own. */
function isRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

function classOf(value: object): string {
  const { name } = ((value as { readonly constructor?: unknown }).constructor ?? {}) as {
    readonly name?: unknown;
  };
  return typeof name === 'string' && name !== 'Object' ? name : '';
}
