/** What can be put in the place of something else, any number of times, and taken away again. */
export interface Replaced {
  put(): void;
  /** Leaves what was there exactly as it was found: with its own descriptor, or not there at all. */
  restore(): void;
}

/**
 * A value in the place of a property's. It is made once for what is found there, not each time: V8 knows it again, and
 * a runner that keeps what it has seen on the global, as Jest does until the file ends, keeps one thing. A plain property
 * is only assigned to, which costs a hundredth of defining it.
 */
export class Replacement<V> implements Replaced {
  private original: PropertyDescriptor | undefined;
  private theirs: V | undefined;
  private ours: V | undefined;
  /** Whether to assign is enough to put it there, and to leave all as it was. */
  private isAssignable = false;

  private readonly owner: Record<PropertyKey, unknown>;

  /** @param over makes what stands in the place of what is found */
  constructor(
    owner: object,
    private readonly name: PropertyKey,
    private readonly over: (theirs: V) => V,
  ) {
    this.owner = owner as Record<PropertyKey, unknown>;
  }

  put(): void {
    const { owner, name } = this;
    const found = owner[name] as V;
    if (this.ours === undefined || found !== this.theirs) this.lookAt(found);
    if (this.isAssignable) owner[name] = this.ours;
    else
      Object.defineProperty(owner, name, {
        value: this.ours,
        configurable: true,
        writable: true,
        enumerable: this.original?.enumerable ?? false,
      });
  }

  restore(): void {
    const { owner, name, original } = this;
    if (this.isAssignable && owner[name] === this.ours) owner[name] = this.theirs;
    else if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  }

  private lookAt(found: V): void {
    const { owner, name } = this;
    this.original = Object.getOwnPropertyDescriptor(owner, name);
    this.theirs = found;
    this.ours = this.over(found);
    this.isAssignable = isAssignable(owner, name, this.original, this.ours);
  }
}

/** Whether a property is plain, and stays as it is but for its value. In Jest's realm to assign to some changes more. */
function isAssignable(
  owner: object,
  name: PropertyKey,
  original: PropertyDescriptor | undefined,
  value: unknown,
): boolean {
  if (original?.writable !== true) return false;
  Reflect.set(owner, name, value);
  const assigned = Object.getOwnPropertyDescriptor(owner, name);
  return assigned?.enumerable === original.enumerable && assigned?.configurable === original.configurable;
}

/** A getter in the place of another one. */
export class ReplacedGetter implements Replaced {
  private original: PropertyDescriptor | undefined;

  constructor(
    private readonly owner: object,
    private readonly name: PropertyKey,
    private readonly ours: PropertyDescriptor,
  ) {}

  put(): void {
    this.original = Object.getOwnPropertyDescriptor(this.owner, this.name);
    Object.defineProperty(this.owner, this.name, this.ours);
  }

  restore(): void {
    const { owner, name, original } = this;
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  }
}
