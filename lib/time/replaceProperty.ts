/**
 * Puts a value in the place of a property, and gives the way to leave it exactly as it was found: with its own
 * descriptor, or not there at all.
 */
export function replaceProperty(owner: object, name: PropertyKey, value: unknown): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: original?.enumerable ?? false,
  });
  return () => {
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  };
}
