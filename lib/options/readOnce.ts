/**
 * A plain copy of what somebody has given, in which each part has been read once: it may be a getter, which gives
 * another value each time. All that it has itself is in the copy, and what it inherits of the parts that are known.
 * What is no object is given as it is.
 */
export function readOnce<T extends object>(given: T, known: readonly (keyof T & string)[]): T {
  if (typeof given !== 'object' || (given as unknown) === null) return given;
  const copy = { ...given };
  for (const part of known) {
    if (Object.hasOwn(given, part) || !(part in given)) continue;
    copy[part] = given[part];
  }
  return copy;
}
