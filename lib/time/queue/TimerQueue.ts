/* eslint-disable @typescript-eslint/no-non-null-assertion --
   every slot has been given out before, and this is the innermost loop: no check of what a typed array gives */
import { FINITE, type Rank } from './rank';
import { grown, TimerHeap } from './TimerHeap';

/** Stands for "no slot". */
export const NO_SLOT = -1;

/** V8 keeps typed arrays of up to 64 bytes in its own heap: they cost an eighth. */
const FIRST_CAPACITY = 8;
/** Below this many entries dead ones are left for their turn: clearing them out would cost more. */
const SMALLEST_COMPACTION = 64;

/**
 * Timers in the order of (instant, arrival).
 *
 * A heap holds one entry for each armed timer: its instant, its place in the order of arrival, and its slot.
 * The slot holds the owner and says which entry is the living one, so that
 *
 * - to cancel is to free the slot: the entry that is left behind is dead, and is dropped when it comes to the
 *   top, or with all others once more than half of the heap is dead; the owner is let go of at once;
 * - to move a timer to a later instant, as a restarted wait does over and over, only notes the instant in the
 *   slot: the entry is put in its right place when it comes to the top.
 *
 * A slot is its holder's until the timer is taken or removed; then it goes to somebody else.
 */
export class TimerQueue<T> {
  private readonly heap = new TimerHeap();
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
    return this.heap.length - this.dead;
  }

  /** How many timers of a rank are armed. */
  count(rank: Rank): number {
    return this.counts[rank] ?? 0;
  }

  /** Arms a timer and gives its slot. */
  add(due: number, owner: T, rank: Rank = FINITE): number {
    const slot = this.free.pop() ?? this.newSlot();
    this.owners[slot] = owner;
    this.rankOf[slot] = rank;
    this.counts[rank]!++;
    this.push(due, ++this.arrivals, slot);
    return slot;
  }

  /** Gives the timer of a slot another instant, behind all that is armed for that instant already. */
  move(slot: number, due: number): void {
    const order = ++this.arrivals;
    if (due >= this.dueOf[slot]!) {
      this.dueOf[slot] = due;
      this.orderOf[slot] = order;
      return;
    }
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
    return this.heap.length === 0 ? Infinity : this.heap.dues[0]!;
  }

  /** The rank of the timer that was taken last. */
  takenRank: Rank = FINITE;

  /** Takes out the first timer that is due at `now` and gives its owner, or undefined when none is due. */
  take(now: number): T | undefined {
    if (this.nextDue() > now || this.heap.length === 0) return undefined;
    const slot = this.heap.slots[0]!;
    const owner = this.owners[slot];
    this.takenRank = this.rankOf[slot] as Rank;
    this.release(slot);
    this.heap.pop();
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

  /** Puts an entry into the heap that stands for the slot from now on. */
  private push(due: number, order: number, slot: number): void {
    this.dueOf[slot] = due;
    this.orderOf[slot] = order;
    this.entryOf[slot] = order;
    this.heap.push(due, order, slot);
  }

  /** Brings the top of the heap into order: drops dead entries and puts moved ones in their place. */
  private settleTop(): void {
    const { heap } = this;
    while (heap.length > 0) {
      const slot = heap.slots[0]!;
      const entry = heap.orders[0]!;
      const order = this.orderOf[slot]!;
      if (this.entryOf[slot] !== entry) {
        this.dead--;
        heap.pop();
      } else if (order !== entry) {
        this.entryOf[slot] = order;
        heap.replaceFirst(this.dueOf[slot]!, order, slot);
      } else {
        return;
      }
    }
  }

  private compactIfMostlyDead(): void {
    const { heap } = this;
    if (this.dead * 2 <= heap.length || heap.length < SMALLEST_COMPACTION) return;
    let kept = 0;
    for (let at = 0; at < heap.length; at++) {
      const slot = heap.slots[at]!;
      if (this.entryOf[slot] !== heap.orders[at]) continue;
      const order = this.orderOf[slot]!;
      this.entryOf[slot] = order;
      heap.put(kept++, this.dueOf[slot]!, order, slot);
    }
    heap.restore(kept);
    this.dead = 0;
  }
}
