import type { Choices } from '../../../time/choices/Choices';
import { FINITE, type Rank } from '../../../time/queue/rank';
import type { TaskQueue } from '../../../time/queue/Scheduler';
import { TimerQueue } from '../../../time/queue/TimerQueue';
import type { Task } from '../../../time/queue/Timers';
import { laneOf } from './lanes';
import { OrderChoice, type Rival, TurnChoice } from './orderChoices';

interface Entry {
  readonly task: Task;
  /** The tasks of one lane keep their order; undefined for what stays in its place. */
  readonly lane: object | undefined;
  readonly rank: Rank;
  readonly slot: number;
  due: number;
  /** Its slot in the queue of what is not due yet. */
  inner: number;
}

const WAITING = -1;

/**
 * A queue of tasks in which, of those that are due at one instant, another one than the first to arrive may go first,
 * and the next may have to wait for a turn of its own. The tasks of one lane keep their order.
 */
export class ChoosingQueue implements TaskQueue {
  takenRank: Rank = FINITE;
  private readonly later = new TimerQueue<Entry>();
  /** What is due, in the order of (instant, arrival). */
  private due: Entry[] = [];
  private readonly entries: (Entry | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly counts = [0, 0, 0];
  private armedCount = 0;
  /** What stands for all that is armed at an instant. */
  private instant = NaN;
  private armedNow = {};
  private isFirstOfFlush = true;

  constructor(
    private readonly choices: Choices,
    private readonly clock: { now(): number },
  ) {}

  get size(): number {
    return this.armedCount;
  }

  count(rank: Rank): number {
    return this.counts[rank] ?? 0;
  }

  *armed(): IterableIterator<{ readonly due: number; readonly rank: Rank; readonly owner: Task }> {
    for (const entry of this.entries)
      if (entry !== undefined) yield { due: entry.due, rank: entry.rank, owner: entry.task };
  }

  add(due: number, task: Task, rank: Rank = FINITE): number {
    const slot = this.free.pop() ?? this.entries.length;
    const lane = this.laneOf(task, due);
    const entry: Entry = { task, lane, rank, slot, due, inner: WAITING };
    entry.inner = this.later.add(due, entry);
    this.entries[slot] = entry;
    this.counts[rank] = this.count(rank) + 1;
    this.armedCount++;
    return slot;
  }

  move(slot: number, due: number): void {
    const entry = this.entries[slot];
    if (entry === undefined) return;
    entry.due = due;
    if (entry.inner !== WAITING) {
      this.later.move(entry.inner, due);
      return;
    }
    this.due.splice(this.due.indexOf(entry), 1);
    entry.inner = this.later.add(due, entry);
  }

  remove(slot: number): void {
    const entry = this.entries[slot];
    if (entry === undefined) return;
    if (entry.inner !== WAITING) this.later.remove(entry.inner);
    else this.due.splice(this.due.indexOf(entry), 1);
    this.release(entry);
  }

  nextDue(): number {
    return this.due[0]?.due ?? this.later.nextDue();
  }

  take(now: number): Task | undefined {
    this.collect(now);
    const [first] = this.due;
    if (first === undefined || (!this.isFirstOfFlush && this.hasTurnOfItsOwn(first))) {
      this.isFirstOfFlush = true;
      return undefined;
    }
    this.isFirstOfFlush = false;
    const entry = this.choose(first);
    this.due.splice(this.due.indexOf(entry), 1);
    this.release(entry);
    this.takenRank = entry.rank;
    return entry.task;
  }

  private choose(first: Entry): Entry {
    if (this.due.length === 1 || first.lane === undefined) return first;
    const rivals = this.rivals(first);
    if (rivals.length === 1) return first;
    return rivals[this.choices.choose(rivals.length, new OrderChoice(rivals))] ?? first;
  }

  private laneOf(task: Task, due: number): object | undefined {
    const now = this.clock.now();
    if (now !== this.instant) {
      this.instant = now;
      this.armedNow = {};
    }
    return laneOf(task, due <= now, this.armedNow);
  }

  private collect(now: number): void {
    for (let entry = this.later.take(now); entry !== undefined; entry = this.later.take(now)) {
      entry.inner = WAITING;
      // After a stall what was moved to an earlier instant may come behind.
      let at = this.due.length;
      while (at > 0 && (this.due[at - 1]?.due ?? 0) > entry.due) at--;
      this.due.splice(at, 0, entry);
    }
  }

  /** Those that may go first: the first of each lane, of the earliest instant, up to what stays in its place. */
  private rivals(first: Entry): (Entry & Rival)[] {
    const rivals: (Entry & Rival)[] = [];
    for (const entry of this.due) {
      if (entry.due !== first.due || !isMovable(entry)) break;
      if (!rivals.some(({ lane }) => lane === entry.lane)) rivals.push(entry);
    }
    return rivals;
  }

  private hasTurnOfItsOwn({ lane, task }: Entry): boolean {
    return lane !== undefined && this.choices.choose(2, new TurnChoice(task)) === 1;
  }

  private release(entry: Entry): void {
    this.entries[entry.slot] = undefined;
    this.free.push(entry.slot);
    this.counts[entry.rank] = this.count(entry.rank) - 1;
    this.armedCount--;
  }
}

function isMovable(entry: Entry): entry is Entry & Rival {
  return entry.lane !== undefined;
}
