import { isError, read, tagOf } from '../readError';

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
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (Object.is(actual, expected)) return true;
  if (!isObject(actual) || !isObject(expected)) return actual === expected;
  if (open.get(actual) === expected) return true;
  if (tagOf(actual) !== tagOf(expected)) return false;
  open.set(actual, expected);
  const same = (one: unknown, other: unknown): boolean => equal(one, other, open);
  if (actual instanceof Date && expected instanceof Date) return same(actual.getTime(), expected.getTime());
  if (actual instanceof RegExp && expected instanceof RegExp) return String(actual) === String(expected);
  if (isError(actual) && isError(expected)) {
    return ['name', 'message'].every((key) => read(actual, key) === read(expected, key));
  }
  if (actual instanceof Map && expected instanceof Map) return same([...actual], [...expected]);
  if (actual instanceof Set && expected instanceof Set) return same([...actual], [...expected]);
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) return false;
  return sameProperties(actual, expected, same);
}

function sameProperties(
  actual: object,
  expected: object,
  same: (one: unknown, other: unknown) => boolean,
): boolean {
  const keys = new Set([...Reflect.ownKeys(actual), ...Reflect.ownKeys(expected)]);
  for (const key of keys) if (!same(Reflect.get(actual, key), Reflect.get(expected, key))) return false;
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isMatcher(value: unknown): value is AsymmetricMatcher {
  return isObject(value) && typeof read(value, 'asymmetricMatch') === 'function';
}
