import { FINITE, type Rank } from './rank';

/** Stands for "no slot". */
export const NO_SLOT = -1;

const FIRST_CAPACITY = 16;
/** Below this many entries dead ones are left for their turn: clearing them out would cost more. */
const SMALLEST_COMPACTION = 64;

/**
 * Timers in the order of (instant, arrival).
 *
 * A 4-ary heap over typed arrays holds one entry for each armed timer: its instant, its place in the order
 * of arrival, and its slot. The slot holds the owner and says which entry is the living one, so that
 *
 * - to cancel is to free the slot: the entry that is left behind is dead, and is dropped when it comes to the
 *   top, or with all others once more than half of the heap is dead; the owner is let go of at once;
 * - to move a timer to a later instant, as a restarted wait does over and over, only notes the instant in the
 *   slot: the entry is put in its right place when it comes to the top.
 *
 * A slot is its holder's until the timer is taken or removed; then it goes to somebody else.
 */
export class TimerQueue<T> {
  // the heap, entry by entry
  private dues = new Float64Array(FIRST_CAPACITY);
  private orders = new Float64Array(FIRST_CAPACITY);
  private slots = new Int32Array(FIRST_CAPACITY);
  private length = 0;
  private dead = 0;

  // the slots
  private owners: (T | undefined)[] = [];
  /** The order of the entry that stands for the slot in the heap; 0 when the slot is free. */
  private entryOf = new Float64Array(FIRST_CAPACITY);
  /** Where the timer belongs: the same as its entry, unless it has been moved since. */
  private dueOf = new Float64Array(FIRST_CAPACITY);
  private orderOf = new Float64Array(FIRST_CAPACITY);
  private rankOf = new Uint8Array(FIRST_CAPACITY);
  private free: number[] = [];

  private arrivals = 0;
  private readonly counts = [0, 0, 0];

  /** How many timers are armed. */
  get size(): number {
    return this.length - this.dead;
  }

  /** How many timers of a rank are armed. */
  count(rank: Rank): number {
    return this.counts[rank] ?? 0;
  }

  /** Arms a timer and gives its slot. */
  add(due: number, owner: T, rank: Rank = FINITE): number {
    const slot = this.free.pop() ?? this.newSlot();
    const order = ++this.arrivals;
    this.owners[slot] = owner;
    this.dueOf[slot] = due;
    this.orderOf[slot] = order;
    this.rankOf[slot] = rank;
    this.counts[rank]!++;
    this.push(due, order, slot);
    return slot;
  }

  /** Gives the timer of a slot another instant, behind all that is armed for that instant already. */
  move(slot: number, due: number): void {
    const order = ++this.arrivals;
    const isLater = due >= this.dueOf[slot]!;
    this.dueOf[slot] = due;
    this.orderOf[slot] = order;
    if (isLater) return;
    this.dead++;
    this.push(due, order, slot);
    this.compactIfMostlyDead();
  }

  /** Cancels the timer of a slot. */
  remove(slot: number): void {
    this.release(slot);
    this.dead++;
    this.compactIfMostlyDead();
  }

  /** The earliest instant that is armed, or Infinity. */
  nextDue(): number {
    this.settleTop();
    return this.length === 0 ? Infinity : this.dues[0]!;
  }

  /** The rank of the timer that was taken last. */
  takenRank: Rank = FINITE;

  /** Takes out the first timer that is due at `now` and gives its owner, or undefined when none is due. */
  take(now: number): T | undefined {
    this.settleTop();
    if (this.length === 0 || this.dues[0]! > now) return undefined;
    const slot = this.slots[0]!;
    const owner = this.owners[slot];
    this.takenRank = this.rankOf[slot] as Rank;
    this.release(slot);
    this.pop();
    return owner;
  }

  /** Everything that is armed, in no order. */
  *armed(): IterableIterator<{ readonly due: number; readonly rank: Rank; readonly owner: T }> {
    for (let slot = 0; slot < this.owners.length; slot++) {
      if (this.entryOf[slot] === 0) continue;
      yield { due: this.dueOf[slot]!, rank: this.rankOf[slot] as Rank, owner: this.owners[slot]! };
    }
  }

  private newSlot(): number {
    const slot = this.owners.length;
    if (slot === this.entryOf.length) {
      this.entryOf = grown(this.entryOf, new Float64Array(slot * 2));
      this.dueOf = grown(this.dueOf, new Float64Array(slot * 2));
      this.orderOf = grown(this.orderOf, new Float64Array(slot * 2));
      this.rankOf = grown(this.rankOf, new Uint8Array(slot * 2));
    }
    this.owners.push(undefined);
    return slot;
  }

  private release(slot: number): void {
    this.counts[this.rankOf[slot]!]!--;
    this.entryOf[slot] = 0;
    this.owners[slot] = undefined;
    this.free.push(slot);
  }

  /** Brings the top of the heap into order: drops dead entries and puts moved ones in their place. */
  private settleTop(): void {
    while (this.length > 0) {
      const slot = this.slots[0]!;
      const entry = this.orders[0]!;
      if (this.entryOf[slot] !== entry) {
        this.dead--;
        this.pop();
      } else if (this.orderOf[slot] !== entry) {
        const order = this.orderOf[slot]!;
        this.entryOf[slot] = order;
        this.sink(0, this.dueOf[slot]!, order, slot);
      } else {
        return;
      }
    }
  }

  private push(due: number, order: number, slot: number): void {
    if (this.length === this.dues.length) {
      this.dues = grown(this.dues, new Float64Array(this.length * 2));
      this.orders = grown(this.orders, new Float64Array(this.length * 2));
      this.slots = grown(this.slots, new Int32Array(this.length * 2));
    }
    this.entryOf[slot] = order;
    this.rise(this.length++, due, order, slot);
  }

  private pop(): void {
    const last = --this.length;
    if (last > 0) this.sink(0, this.dues[last]!, this.orders[last]!, this.slots[last]!);
  }

  private rise(from: number, due: number, order: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // Of two equal instants the one that rises arrived last: it stays below.
      if (this.dues[parent]! <= due) break;
      this.put(at, this.dues[parent]!, this.orders[parent]!, this.slots[parent]!);
      at = parent;
    }
    this.put(at, due, order, slot);
  }

  private sink(from: number, due: number, order: number, slot: number): void {
    const { dues, orders, length } = this;
    let at = from;
    for (;;) {
      const firstChild = at * 4 + 1;
      if (firstChild >= length) break;
      const end = Math.min(firstChild + 4, length);
      let least = firstChild;
      for (let child = firstChild + 1; child < end; child++) {
        const difference = dues[child]! - dues[least]!;
        if (difference < 0 || (difference === 0 && orders[child]! < orders[least]!)) least = child;
      }
      const leastDue = dues[least]!;
      if (leastDue > due || (leastDue === due && orders[least]! > order)) break;
      this.put(at, leastDue, orders[least]!, this.slots[least]!);
      at = least;
    }
    this.put(at, due, order, slot);
  }

  private put(at: number, due: number, order: number, slot: number): void {
    this.dues[at] = due;
    this.orders[at] = order;
    this.slots[at] = slot;
  }

  private compactIfMostlyDead(): void {
    if (this.dead * 2 <= this.length || this.length < SMALLEST_COMPACTION) return;
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      const slot = this.slots[at]!;
      if (this.entryOf[slot] !== this.orders[at]) continue;
      const order = this.orderOf[slot]!;
      this.entryOf[slot] = order;
      this.put(kept++, this.dueOf[slot]!, order, slot);
    }
    this.length = kept;
    this.dead = 0;
    for (let at = (kept - 2) >> 2; at >= 0; at--)
      this.sink(at, this.dues[at]!, this.orders[at]!, this.slots[at]!);
  }
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
