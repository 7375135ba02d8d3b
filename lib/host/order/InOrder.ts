/** What has a place in an order. */
export interface Ordered {
  readonly name: string;
  /** The names of those that come before it. Those that are not there are not waited for. */
  readonly needs: readonly string[];
}

/**
 * Does something with each of many, with each when it has been done with all that come before it, and side by side
 * with those that have nothing to do with one another. Whoever needs nothing costs nothing. Where some wait for one
 * another in a circle, the first of them in the list begins.
 */
export class InOrder<T extends Ordered> {
  /** Who waits for whom. */
  private readonly behind = new Map<T, T[]>();
  /** For how many it still has to wait; nobody waits whose turn has come. */
  private readonly open = new Map<T, number>();
  /** Whose turn it is. Who is done at once must not begin the next one from within: a chain may be long. */
  private readonly free: T[] = [];
  /** How many have begun and are not done. */
  private underWay = 0;
  private isBeginning = false;
  /** So many of the list wait for nobody any more. */
  private searched = 0;

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

  /** Has to be called once for each when it is done; then others may begin. */
  done(item: T): void {
    this.underWay--;
    for (const next of this.behind.get(item) ?? []) {
      const open = this.open.get(next);
      if (open === 1) this.release(next);
      else if (open !== undefined) this.open.set(next, open - 1);
    }
    this.behind.delete(item);
    this.beginFree();
  }

  private beginFree(): void {
    if (this.isBeginning) return;
    this.isBeginning = true;
    do {
      for (const item of this.free) {
        this.underWay++;
        this.begin(item);
      }
      this.free.length = 0;
    } while (this.breaksCircle());
    this.isBeginning = false;
  }

  /** Nobody is under way, and some still wait: for one another. */
  private breaksCircle(): boolean {
    if (this.underWay > 0) return false;
    for (; this.searched < this.items.length; this.searched++) {
      const item = this.items[this.searched];
      if (item === undefined || !this.open.has(item)) continue;
      this.release(item);
      return true;
    }
    return false;
  }

  private release(item: T): void {
    this.open.delete(item);
    this.free.push(item);
  }

  private link(item: T, needed: T): void {
    const [first, next] = this.neededAre === 'first' ? [needed, item] : [item, needed];
    const behind = this.behind.get(first);
    if (behind === undefined) this.behind.set(first, [next]);
    else behind.push(next);
    this.open.set(next, (this.open.get(next) ?? 0) + 1);
  }
}
