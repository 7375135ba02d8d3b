// Whatever was thrown may be anything: an error of another realm, a frozen one, a proxy that throws at `instanceof`.
// Nothing here ever throws, so all that looks at what is not of the kit looks at it by these.

/** How much is told of one message. */
const LONGEST = 10_000;
/** How far down causes are looked at. */
const DEPTH = 10;
/** How many of the errors of an AggregateError are told. */
const TOLD = 3;

const UNREADABLE = 'cannot be read';

/** A class, also one with a private constructor. */
interface Kind<T> {
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** Whether a value is of a class. A value that does not let itself be asked is of none. */
export function isA<T>(value: unknown, kind: Kind<T>): value is T {
  return attempt(() => value instanceof kind, false);
}

/** Whether a value is an error, also one of another realm, such as an iframe or a `vm` context. */
export function isError(value: unknown): value is Error {
  return isA(value, Error) || tagOf(value) === '[object Error]';
}

/** A property of anything; undefined if it cannot be read. */
export function read(value: unknown, key: PropertyKey): unknown {
  if (value === null || value === undefined) return undefined;
  return attempt(() => (value as Readonly<Record<PropertyKey, unknown>>)[key], undefined);
}

/** The text of anything that was thrown: an error's message, or what the value is. */
export function messageOf(thrown: unknown): string {
  return shortened(messageIn(thrown));
}

/** What an error calls itself. */
export function errorNameOf(error: unknown): string {
  const name = read(error, 'name');
  return typeof name === 'string' && name !== '' ? shortened(name) : 'Error';
}

/** The code that an error bears, if it is a text. */
export function codeOf(thrown: unknown): string | undefined {
  const code = read(thrown, 'code');
  return typeof code === 'string' ? shortened(code) : undefined;
}

/** A value as a text: of a function its name, of an object what it says itself, or what it holds as JSON has it. */
export function textOf(value: unknown): string {
  if (typeof value === 'function') {
    const name = read(value, 'name');
    return typeof name === 'string' && name !== '' ? `function ${name}` : 'a function';
  }
  if (!isObject(value)) return String(value);
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- What is only said of all objects is looked for below.
  const own = attempt(() => String(value), '');
  if (own !== '' && !own.startsWith('[object ')) return own;
  return attempt(() => JSON.stringify(value) as string | undefined, undefined) ?? tagOf(value);
}

/** What `Object.prototype.toString` says of a value. */
export function tagOf(value: unknown): string {
  return attempt(() => Object.prototype.toString.call(value), '[object that cannot be read]');
}

/**
 * What was thrown, if others may look into it without being thrown at; otherwise an error that tells what can be
 * told of it. For whoever writes errors down, such as a log.
 */
export function readable(thrown: unknown): unknown {
  if ((typeof thrown !== 'function' && !isObject(thrown)) || isOpenDown(thrown)) return thrown;
  const shown = new Error(messageOf(thrown));
  shown.name = errorNameOf(thrown);
  const stack = read(thrown, 'stack');
  if (typeof stack === 'string') shown.stack = stack;
  else delete shown.stack;
  return shown;
}

function messageIn(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (!isObject(thrown)) return textOf(thrown);
  const message = read(thrown, 'message');
  if (typeof message === 'string' && message !== '') return message;
  if (!isError(thrown)) return textOf(thrown);
  if (message === '') return among(thrown) ?? errorNameOf(thrown);
  return `${errorNameOf(thrown)}, whose message ${message === undefined ? UNREADABLE : `is ${textOf(message)}`}`;
}

/** An AggregateError often says nothing itself: what it stands for does. */
function among(error: object): string | undefined {
  const errors = read(error, 'errors');
  const isList = attempt(() => Array.isArray(errors) && errors.length > 0, false);
  if (!isList) return undefined;
  const list = errors as readonly unknown[];
  const told = attempt(() => list.slice(0, TOLD), []).map((one) => {
    const message = read(one, 'message');
    return typeof message === 'string' ? message : textOf(one);
  });
  const rest = list.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

/** Whether an error can be looked into, and all that it was caused by. */
function isOpenDown(thrown: object): boolean {
  let error: unknown = thrown;
  for (let depth = 0; depth < DEPTH; depth++) {
    if (typeof error !== 'function' && !isObject(error)) return true;
    if (!isOpen(error)) return false;
    error = read(error, 'cause');
  }
  return true;
}

function isOpen(value: object): boolean {
  return attempt(() => {
    for (const key of ['constructor', 'name', 'message', 'stack', 'cause', ...Reflect.ownKeys(value)])
      Reflect.get(value, key);
    // An object without a prototype has no text, and may be written down all the same.
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- Whether it says anything is the question.
    return Reflect.getPrototypeOf(value) === null || typeof String(value) === 'string';
  }, false);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}

function attempt<V>(look: () => V, otherwise: V): V {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
