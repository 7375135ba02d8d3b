/* eslint-disable @typescript-eslint/no-non-null-assertion --
   every index is below `length`, and this is the innermost loop: no check of what a typed array gives */

/** V8 keeps typed arrays of up to 64 bytes in its own heap: they cost an eighth. */
const FIRST_CAPACITY = 8;

/**
 * The entries of a `TimerQueue`: a 4-ary heap in the order of (instant, arrival), over typed arrays.
 * An entry is an instant, its place in the order of arrival, and the slot that it stands for.
 */
export class TimerHeap {
  length = 0;
  dues = new Float64Array(FIRST_CAPACITY);
  orders = new Float64Array(FIRST_CAPACITY);
  slots = new Int32Array(FIRST_CAPACITY);

  /** Adds an entry that arrives behind all others. */
  push(due: number, order: number, slot: number): void {
    if (this.length === this.dues.length) this.grow();
    let at = this.length++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // Of two equal instants the one that rises arrived last: it stays below.
      if (this.dues[parent]! <= due) break;
      this.put(at, this.dues[parent]!, this.orders[parent]!, this.slots[parent]!);
      at = parent;
    }
    this.put(at, due, order, slot);
  }

  /** Takes out the first entry. */
  pop(): void {
    const last = --this.length;
    if (last > 0) this.sink(0, this.dues[last]!, this.orders[last]!, this.slots[last]!);
  }

  /** Puts an entry in the place of the first one. */
  replaceFirst(due: number, order: number, slot: number): void {
    this.sink(0, due, order, slot);
  }

  put(at: number, due: number, order: number, slot: number): void {
    this.dues[at] = due;
    this.orders[at] = order;
    this.slots[at] = slot;
  }

  /** Leaves the first `length` entries, which have been put in any order, and brings them into theirs. */
  restore(length: number): void {
    this.length = length;
    for (let at = (length - 2) >> 2; at >= 0; at--)
      this.sink(at, this.dues[at]!, this.orders[at]!, this.slots[at]!);
  }

  private sink(from: number, due: number, order: number, slot: number): void {
    const { dues, orders, length } = this;
    let at = from;
    for (;;) {
      const firstChild = at * 4 + 1;
      if (firstChild >= length) break;
      const end = Math.min(firstChild + 4, length);
      let least = firstChild;
      let leastDue = dues[least]!;
      for (let child = firstChild + 1; child < end; child++) {
        const childDue = dues[child]!;
        if (childDue < leastDue || (childDue === leastDue && orders[child]! < orders[least]!)) {
          least = child;
          leastDue = childDue;
        }
      }
      if (leastDue > due || (leastDue === due && orders[least]! > order)) break;
      this.put(at, leastDue, orders[least]!, this.slots[least]!);
      at = least;
    }
    this.put(at, due, order, slot);
  }

  private grow(): void {
    const capacity = this.length * 2;
    this.dues = grown(this.dues, new Float64Array(capacity));
    this.orders = grown(this.orders, new Float64Array(capacity));
    this.slots = grown(this.slots, new Int32Array(capacity));
  }
}

/** Copies an array into a larger one. */
export function grown<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
