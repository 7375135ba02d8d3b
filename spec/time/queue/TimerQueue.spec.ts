import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ENDLESS, FINITE, INTERVAL, type Rank } from '../../../lib/time/queue/rank';
import { TimerQueue } from '../../../lib/time/queue/TimerQueue';
import { collectGarbage } from '../../support/memory';
import { turn } from '../support/Drive';

describe('TimerQueue', () => {
  it('is empty at first', () => {
    const queue = new TimerQueue<string>();
    expect(queue.size).toBe(0);
    expect(queue.nextDue()).toBe(Infinity);
    expect(queue.take(Infinity)).toBeUndefined();
    expect([...queue.armed()]).toEqual([]);
  });

  it('gives timers in the order of their instants', () => {
    const queue = new TimerQueue<string>();
    for (const due of [30, 10, 50, 20, 40]) queue.add(due, `at ${due}`);
    expect(queue.nextDue()).toBe(10);
    expect(queue.take(9)).toBeUndefined();
    expect([queue.take(10), queue.take(50), queue.take(50)]).toEqual(['at 10', 'at 20', 'at 30']);
    expect(queue.size).toBe(2);
  });

  it('gives 10,000 timers of equal instants in the order in which they were armed [B17]', () => {
    const queue = new TimerQueue<number>();
    // Three instants, interleaved, and every third timer is cancelled again or moved.
    const slots = Array.from({ length: 10_000 }, (_, index) => queue.add(index % 3, index));
    const expected: number[] = [];
    for (const instant of [0, 1, 2])
      for (let index = instant; index < 10_000; index += 3) if (index % 7 !== 0) expected.push(index);
    for (let index = 0; index < 10_000; index += 7) {
      if (index % 2 === 0) queue.remove(slots[index]!);
      else {
        queue.move(slots[index]!, 2);
        expected.push(index);
      }
    }
    const taken = Array.from({ length: queue.size }, () => queue.take(2));
    expect(taken).toEqual(expected);
    expect(queue.size).toBe(0);
  });

  it('puts a timer that is moved behind all that is armed for that instant', () => {
    const queue = new TimerQueue<string>();
    const a = queue.add(10, 'a');
    queue.add(10, 'b');
    const c = queue.add(30, 'c');
    queue.add(20, 'd');
    queue.move(a, 10);
    queue.move(c, 20);
    expect(drain(queue)).toEqual(['b', 'a', 'd', 'c']);
  });

  it('moves a timer to earlier and to later instants in any turn', () => {
    const queue = new TimerQueue<string>();
    const a = queue.add(50, 'a');
    queue.add(30, 'b');
    queue.move(a, 10);
    queue.move(a, 60);
    queue.move(a, 20);
    queue.move(a, 40);
    expect(queue.nextDue()).toBe(30);
    expect(queue.take(30)).toBe('b');
    expect(queue.take(39)).toBeUndefined();
    expect(queue.nextDue()).toBe(40);
    expect(queue.take(40)).toBe('a');
    expect(queue.size).toBe(0);
  });

  it('tells the rank of what was taken last, and counts by rank', () => {
    const queue = new TimerQueue<string>();
    queue.add(1, 'a', ENDLESS);
    queue.add(2, 'b');
    const c = queue.add(3, 'c', INTERVAL);
    expect([FINITE, INTERVAL, ENDLESS].map((rank) => queue.count(rank))).toEqual([1, 1, 1]);
    queue.take(1);
    expect(queue.takenRank).toBe(ENDLESS);
    queue.move(c, 0);
    queue.take(3);
    expect(queue.takenRank).toBe(INTERVAL);
    queue.take(3);
    expect(queue.takenRank).toBe(FINITE);
    expect([FINITE, INTERVAL, ENDLESS].map((rank) => queue.count(rank))).toEqual([0, 0, 0]);
  });

  it('gives a slot that is free to the next timer', () => {
    const queue = new TimerQueue<number>();
    const slots = new Set<number>();
    for (let index = 0; index < 1000; index++) {
      slots.add(queue.add(index + 1, index));
      const cancelled = queue.add(index, -1);
      slots.add(cancelled);
      queue.remove(cancelled);
      assert.equal(queue.take(index + 1), index);
    }
    expect([...slots].sort()).toEqual([0, 1]);
  });

  it('does not take the entry of a cancelled timer for that of the next holder of its slot', () => {
    const queue = new TimerQueue<string>();
    const slot = queue.add(10, 'cancelled');
    queue.remove(slot);
    expect(queue.add(20, 'next')).toBe(slot);
    expect(queue.nextDue()).toBe(20);
    expect(queue.take(19)).toBeUndefined();
    expect(queue.take(20)).toBe('next');
  });

  it('keeps the entries of cancelled timers within bounds', () => {
    const queue = new TimerQueue<number>();
    const slots = Array.from({ length: 10_000 }, (_, index) => queue.add(index, index));
    for (let round = 0; round < 20_000; round++) {
      const at = (round * 7919) % slots.length;
      if (round % 2 === 0) queue.move(slots[at]!, -round);
      else {
        queue.remove(slots[at]!);
        slots[at] = queue.add(round, round);
      }
      assert(entriesOf(queue) <= 2 * queue.size + 1);
    }
    for (const slot of slots.splice(10)) {
      queue.remove(slot);
      assert(entriesOf(queue) <= Math.max(64, 2 * queue.size + 1));
    }
    expect(queue.size).toBe(10);
  });

  it('adds no entry for a wait that is started again over and over', () => {
    const queue = new TimerQueue<string>();
    const slot = queue.add(10, 'a');
    queue.add(20, 'b');
    for (let now = 0; now < 100_000; now++) queue.move(slot, now + 10);
    expect(entriesOf(queue)).toBe(2);
    expect(drain(queue)).toEqual(['b', 'a']);
  });

  it('takes instants that are infinite', () => {
    const queue = new TimerQueue<string>();
    queue.add(Infinity, 'last');
    queue.add(-Infinity, 'first');
    queue.add(Infinity, 'behind it');
    queue.add(0, 'between');
    queue.add(-Infinity, 'second');
    queue.add(Infinity, 'very last');
    expect(queue.nextDue()).toBe(-Infinity);
    expect(drain(queue)).toEqual(['first', 'second', 'between', 'last', 'behind it', 'very last']);
  });

  it('shows what is armed at its true instant', () => {
    const queue = new TimerQueue<string>();
    const a = queue.add(10, 'a', ENDLESS);
    queue.add(20, 'b');
    queue.remove(queue.add(30, 'c'));
    queue.move(a, 40);
    expect([...queue.armed()]).toEqual([
      { due: 40, rank: ENDLESS, owner: 'a' },
      { due: 20, rank: FINITE, owner: 'b' },
    ]);
  });

  it('lets go of the owner at once when a timer is cancelled or taken', async () => {
    const queue = new TimerQueue<object>();
    const arm = (due: number): readonly [WeakRef<object>, number] => {
      const owner = {};
      return [new WeakRef(owner), queue.add(due, owner)];
    };
    const [cancelled, slot] = arm(1000);
    const [taken] = arm(1);
    const [kept] = arm(2000);
    queue.remove(slot);
    queue.take(1);
    await turn();
    collectGarbage();
    expect(entriesOf(queue)).toBe(2);
    expect([cancelled, taken, kept].map((owner) => owner.deref() === undefined)).toEqual([true, true, false]);
  });

  it('does what a sorted list does', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 600, size: 'max' }), (steps) => {
        const queue = new TimerQueue<Entry>();
        const list = new SortedList();
        for (const each of steps) {
          perform(each, queue, list);
          assert.equal(queue.size, list.entries.length);
          for (const rank of [FINITE, INTERVAL, ENDLESS]) assert.equal(queue.count(rank), list.count(rank));
        }
        assert.equal(queue.nextDue(), list.entries[0]?.due ?? Infinity);
        for (const { due, rank, owner } of queue.armed()) {
          assert(list.entries.includes(owner));
          assert.deepEqual({ due, rank }, { due: owner.due, rank: owner.rank });
        }
        assert.deepEqual(drain(queue), list.entries);
      }),
      { numRuns: 300 },
    );
  });
});

/** The naive model: everything that is armed, always in order. */
class SortedList {
  readonly entries: Entry[] = [];

  insert(entry: Entry): void {
    // Behind all that is not later.
    const at = this.entries.findIndex(({ due }) => due > entry.due);
    this.entries.splice(at === -1 ? this.entries.length : at, 0, entry);
  }

  delete(entry: Entry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
  }

  count(rank: Rank): number {
    return this.entries.filter((entry) => entry.rank === rank).length;
  }
}

interface Entry {
  due: number;
  readonly rank: Rank;
  slot: number;
}

type Step =
  | { readonly do: 'add'; readonly due: number; readonly rank: Rank }
  | { readonly do: 'move'; readonly which: number; readonly due: number }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'take'; readonly now: number };

const due = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, min: -1e12, max: 1e12 }) },
  { weight: 1, arbitrary: fc.constantFrom(0.1, 0.2, 0.1 + 0.2, 0.3, Infinity, -Infinity) },
);
const which = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      due,
      rank: fc.constantFrom(FINITE, INTERVAL, ENDLESS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), which, due }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), now: due }) },
);

function perform(step: Step, queue: TimerQueue<Entry>, list: SortedList): void {
  if (step.do === 'add') {
    const entry: Entry = { due: step.due, rank: step.rank, slot: -1 };
    entry.slot = queue.add(step.due, entry, step.rank);
    list.insert(entry);
    return;
  }
  const [first] = list.entries;
  if (step.do === 'take') {
    assert.equal(queue.nextDue(), first?.due ?? Infinity);
    const taken = first !== undefined && first.due <= step.now ? first : undefined;
    assert.equal(queue.take(step.now), taken);
    if (taken === undefined) return;
    assert.equal(queue.takenRank, taken.rank);
    list.delete(taken);
    return;
  }
  if (first === undefined) return;
  const entry = list.entries[step.which % list.entries.length]!;
  list.delete(entry);
  if (step.do === 'remove') {
    queue.remove(entry.slot);
    return;
  }
  queue.move(entry.slot, step.due);
  entry.due = step.due;
  list.insert(entry);
}

function drain<T>(queue: TimerQueue<T>): (T | undefined)[] {
  return Array.from({ length: queue.size }, () => queue.take(Infinity));
}

/** How many entries the heap holds, the dead ones included. */
function entriesOf(queue: object): number {
  return (Reflect.get(queue, 'heap') as { length: number }).length;
}
