import { replaceProperty } from './replaceProperty';

/**
 * Lets a property be one thing for those inside of something and another for all others, each of whom may change
 * theirs. Gives the way to leave it as those others have it.
 */
export function divideProperty(
  owner: object,
  name: PropertyKey,
  isInside: () => boolean,
  value: unknown,
): () => void {
  const before: unknown = Reflect.get(owner, name);
  const restore = replaceProperty(owner, name, undefined);
  let theirs = before;
  let ours = value;
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false,
    get: () => (isInside() ? ours : theirs),
    set: (next: unknown) => {
      if (isInside()) ours = next;
      else theirs = next;
    },
  });
  return () => {
    restore();
    if (theirs !== before) Reflect.set(owner, name, theirs);
  };
}
