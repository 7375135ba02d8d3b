import { isError, read, tagOf } from '../../readError';

/** Something like Jest's `expect.any(…)`, which says itself what it is equal to. */
interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/**
 * Compares by structure, as test runners do: matchers such as `expect.any(Number)` have the say, properties that
 * are undefined count as absent, errors are compared by name and message.
 */
export function deepEqual(actual: unknown, expected: unknown): boolean {
  return isObject(expected) ? equal(actual, expected, new Pairs()) : areSame(actual, expected);
}

/** So deep is hardly anything but what has cycles, or is the same in many places. */
const DEEP = 6;

/** The pairs that are being compared, so that a cycle ends, and what was equal; kept only where it gets deep. */
class Pairs {
  depth = 0;
  private open: Map<object, object> | undefined;

  areOpen(actual: object, expected: object): boolean {
    if (this.depth < DEEP) return false;
    this.open ??= new Map();
    if (this.open.get(actual) === expected) return true;
    this.open.set(actual, expected);
    return false;
  }
}

function equal(actual: unknown, expected: unknown, open: Pairs): boolean {
  if (!isObject(expected)) return areSame(actual, expected);
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (actual === expected) return true;
  if (!isObject(actual)) return false;
  if (open.areOpen(actual, expected)) return true;
  open.depth++;
  const verdict = equalObjects(actual, expected, open);
  open.depth--;
  return verdict;
}

function equalObjects(actual: object, expected: object, open: Pairs): boolean {
  const verdict = arePlain(actual, expected) ? undefined : equalAsTheirKind(actual, expected, open);
  if (verdict !== undefined) return verdict;
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) return false;
  return haveEqualProperties(actual, expected, open);
}

/** Whether both are literals of one kind, as nearly all that is compared is: nothing more need be asked about them. */
function arePlain(actual: object, expected: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(actual);
    if (prototype !== Object.getPrototypeOf(expected)) return false;
    return prototype === Object.prototype || prototype === Array.prototype;
  } catch {
    return false; // a proxy that does not let itself be asked
  }
}

/** Whether objects of one kind are equal by what that kind stands for; undefined if it stands for its properties. */
function equalAsTheirKind(actual: object, expected: object, open: Pairs): boolean | undefined {
  if (tagOf(actual) !== tagOf(expected)) return false;
  if (actual instanceof Date && expected instanceof Date)
    return Object.is(actual.getTime(), expected.getTime());
  if (actual instanceof RegExp && expected instanceof RegExp) return String(actual) === String(expected);
  if (isError(actual) && isError(expected)) {
    return ['name', 'message'].every((key) => read(actual, key) === read(expected, key));
  }
  if (actual instanceof Map && expected instanceof Map) return equal([...actual], [...expected], open);
  if (actual instanceof Set && expected instanceof Set) return equal([...actual], [...expected], open);
  return undefined;
}

function haveEqualProperties(actual: object, expected: object, open: Pairs): boolean {
  for (const key of Reflect.ownKeys(expected)) if (!haveEqual(key, actual, expected, open)) return false;
  for (const key of Reflect.ownKeys(actual))
    if (!Object.hasOwn(expected, key) && !haveEqual(key, actual, expected, open)) return false;
  return true;
}

function haveEqual(key: PropertyKey, actual: object, expected: object, open: Pairs): boolean {
  return equal(Reflect.get(actual, key), Reflect.get(expected, key), open);
}

function areSame(actual: unknown, expected: unknown): boolean {
  return Object.is(actual, expected) || actual === expected;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isMatcher(value: object): value is AsymmetricMatcher {
  return typeof read(value, 'asymmetricMatch') === 'function';
}
