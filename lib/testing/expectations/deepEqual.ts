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
  return equal(actual, expected, new Map());
}

/** @param open the pairs that are being compared, so that a cycle ends */
function equal(actual: unknown, expected: unknown, open: Map<object, object>): boolean {
  if (!isObject(expected)) return Object.is(actual, expected) || actual === expected;
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (actual === expected) return true;
  if (!isObject(actual)) return false;
  if (open.get(actual) === expected) return true;
  open.set(actual, expected);
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
function equalAsTheirKind(actual: object, expected: object, open: Map<object, object>): boolean | undefined {
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

function haveEqualProperties(actual: object, expected: object, open: Map<object, object>): boolean {
  const areEqual = (key: PropertyKey): boolean =>
    equal(Reflect.get(actual, key), Reflect.get(expected, key), open);
  return (
    Reflect.ownKeys(expected).every(areEqual) &&
    Reflect.ownKeys(actual).every((key) => Object.hasOwn(expected, key) || areEqual(key))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isMatcher(value: object): value is AsymmetricMatcher {
  return typeof read(value, 'asymmetricMatch') === 'function';
}
