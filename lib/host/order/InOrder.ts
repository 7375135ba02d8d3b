/** What has a place in an order. */
export interface Ordered {
  readonly name: string;
  /** The names of those that come before it. Those that are not there are not waited for. */
  readonly needs: readonly string[];
}

/**
 * Does something with each of many, with each when it has been done with all that come before it, and side by side
 * with those that have nothing to do with one another. Whoever needs nothing costs nothing.
 */
export class InOrder<T extends Ordered> {
  /** Who waits for whom. */
  private readonly behind = new Map<T, T[]>();
  /** For how many it still has to wait. */
  private readonly open = new Map<T, number>();
  /** Whose turn it is. Who is done at once must not begin the next one from within: a chain may be long. */
  private readonly free: T[] = [];
  private isBeginning = false;

  constructor(
    private readonly items: readonly T[],
    /** Whether the needed come first, as at a start, or last, as at a stop. */
    private readonly neededAre: 'first' | 'last',
    private readonly begin: (item: T) => void,
  ) {
    if (items.every(({ needs }) => needs.length === 0)) return;
    const byName = new Map(items.map((item) => [item.name, item]));
    for (const item of items) {
      for (const name of new Set(item.needs)) {
        const needed = byName.get(name);
        if (needed !== undefined) this.link(item, needed);
      }
    }
  }

  /** Begins with those that wait for nobody, in the order in which they were given. */
  start(): void {
    for (const item of this.items) if (!this.open.has(item)) this.free.push(item);
    this.beginFree();
  }

  /** Has to be called for each when it is done; then others may begin. */
  done(item: T): void {
    for (const next of this.behind.get(item) ?? []) {
      const open = (this.open.get(next) ?? 0) - 1;
      this.open.set(next, open);
      if (open === 0) this.free.push(next);
    }
    this.behind.delete(item);
    this.beginFree();
  }

  private beginFree(): void {
    if (this.isBeginning) return;
    this.isBeginning = true;
    for (const item of this.free) this.begin(item);
    this.free.length = 0;
    this.isBeginning = false;
  }

  private link(item: T, needed: T): void {
    const [first, next] = this.neededAre === 'first' ? [needed, item] : [item, needed];
    this.behind.set(first, [...(this.behind.get(first) ?? []), next]);
    this.open.set(next, (this.open.get(next) ?? 0) + 1);
  }
}
