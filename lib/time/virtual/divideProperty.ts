/** A property that is one thing for those inside of something and another for all others, while that lasts. */
interface Division {
  isInside: () => boolean;
  ours: unknown;
  theirs: unknown;
  readonly descriptor: PropertyDescriptor;
}

const divisions = new WeakMap<object, Map<PropertyKey, Division>>();

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
  const original = Object.getOwnPropertyDescriptor(owner, name);
  const before: unknown = Reflect.get(owner, name);
  const division = divisionOf(owner, name);
  division.isInside = isInside;
  division.ours = value;
  division.theirs = before;
  Object.defineProperty(owner, name, division.descriptor);
  return () => {
    const { theirs } = division;
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
    if (theirs !== before) Reflect.set(owner, name, theirs);
    division.ours = undefined;
    division.theirs = undefined;
  };
}

/** Made once for each property: V8 knows it again, while another one for each marble test costs half of a short one. */
function divisionOf(owner: object, name: PropertyKey): Division {
  const known = divisions.get(owner) ?? new Map<PropertyKey, Division>();
  divisions.set(owner, known);
  const found = known.get(name);
  if (found !== undefined) return found;
  const division: Division = {
    isInside: () => false,
    ours: undefined,
    theirs: undefined,
    descriptor: {
      configurable: true,
      enumerable: Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false,
      get: () => (division.isInside() ? division.ours : division.theirs),
      set: (next: unknown) => {
        if (division.isInside()) division.ours = next;
        else division.theirs = next;
      },
    },
  };
  known.set(name, division);
  return division;
}
