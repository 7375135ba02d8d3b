import type { Replaced } from './Replacement';

type Values = Record<PropertyKey, unknown>;

/** Who has something else in the place of some properties of an object; kept on it for all copies of the kit. */
interface Division {
  /** Gives those inside what they have, and undefined to all others. */
  inside: (() => Values | undefined) | undefined;
}

const DIVISION = Symbol.for('rx-agent-kit.division');

/**
 * Properties of an object that are one thing for those inside of a marble test and another for all others, each of whom
 * may change theirs. The object is divided once and for good, which nobody outside notices: to define as much for each
 * test, and to take it back, would take longer than the test.
 */
export class DividedProperties implements Replaced {
  private readonly division: Division;
  private ours: Values | undefined;

  /** @param begin makes what a test begins with; it has all names that are divided */
  constructor(
    owner: object,
    private readonly begin: () => Values,
    private readonly isInside: () => boolean,
  ) {
    this.division = divisionOf(owner, Reflect.ownKeys(begin()));
  }

  put(): void {
    this.division.inside = this.inside;
  }

  restore(): void {
    this.division.inside = undefined;
    this.ours = undefined;
  }

  private readonly inside = (): Values | undefined =>
    this.isInside() ? (this.ours ??= this.begin()) : undefined;
}

function divisionOf(owner: object, names: readonly PropertyKey[]): Division {
  const known = Reflect.get(owner, DIVISION) as Division | undefined;
  if (known !== undefined) return known;
  const division: Division = { inside: undefined };
  Object.defineProperty(owner, DIVISION, { value: division });
  for (const name of names) divide(owner, name, division);
  return division;
}

function divide(owner: object, name: PropertyKey, division: Division): void {
  let theirs: unknown = Reflect.get(owner, name);
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false,
    get: () => {
      const ours = division.inside?.();
      return ours === undefined ? theirs : ours[name];
    },
    set: (value: unknown) => {
      const ours = division.inside?.();
      if (ours === undefined) theirs = value;
      else ours[name] = value;
    },
  });
}
