import { type Lane, TimeoutLine } from './TimeoutLine';
import { FINITE, INTERVAL, type Rank } from './rank';
import type { Scheduler } from './Scheduler';
import type { Task } from './Timers';
import { NO_SLOT } from './TimerQueue';

/** Calls back as one who had called at the time when it was made: with that caller's `AsyncLocalStorage`. */
export type CallerContext = (callback: () => void) => void;

/**
 * The host's timer functions on a scheduler, by the rules of RxJS's `TestScheduler`: each timer has a place in the
 * scheduler's order, and whoever's place comes up, the first in line for that instant is called.
 */
export class VirtualTimeouts {
  private readonly lines = new Map<number, TimeoutLine<VirtualTimeout>>();
  private spare: TimeoutLine<VirtualTimeout> | undefined;
  private lastId = 0;

  /**
   * @param captureContext takes hold of the present caller's context
   * @param onError is told what a callback has thrown
   */
  constructor(
    readonly scheduler: Scheduler,
    private readonly captureContext: () => CallerContext | undefined,
    readonly onError: (error: unknown) => void,
  ) {}

  set(lane: Lane, callback: () => void, delay: number): VirtualTimeout {
    const wait = delay > 0 ? delay : 0;
    const timeout = new VirtualTimeout(this, ++this.lastId, lane, callback, wait, this.captureContext());
    timeout.arm();
    return timeout;
  }

  /** A place in the scheduler's order has come up. There may be nobody left to take it. */
  takePlace(due: number): void {
    const line = this.lines.get(due);
    const first = line?.takeFirst();
    if (line === undefined || first === undefined) return;
    if (line.isEmpty) this.drop(due, line);
    first.call();
  }

  enter(timeout: VirtualTimeout): void {
    let line = this.lines.get(timeout.due);
    if (line === undefined) {
      line = this.spare ?? new TimeoutLine();
      this.spare = undefined;
      this.lines.set(timeout.due, line);
    }
    line.add(timeout);
  }

  leave(timeout: VirtualTimeout): void {
    const line = this.lines.get(timeout.due);
    if (line === undefined) return;
    line.remove(timeout);
    if (line.isEmpty) this.drop(timeout.due, line);
  }

  private drop(due: number, line: TimeoutLine<VirtualTimeout>): void {
    this.lines.delete(due);
    this.spare = line;
  }
}

/** A timer's place in the scheduler's order. It outlives the timer's own call, if somebody else's place was used for that. */
export class TimeoutPlace implements Task {
  slot = NO_SLOT;

  constructor(
    private readonly timeouts: VirtualTimeouts,
    private readonly due: number,
    readonly lane: Lane,
  ) {}

  run(): void {
    this.slot = NO_SLOT;
    this.timeouts.takePlace(this.due);
  }

  fail(error: unknown): void {
    this.timeouts.onError(error);
  }
}

/** What `setTimeout` and its like have armed. As in Node, it can be used where a number is expected. */
export class VirtualTimeout {
  due = 0;
  /** Whether it stands in line to be called. */
  isWaiting = false;
  private place: TimeoutPlace | undefined;
  private rank: Rank = FINITE;

  constructor(
    private readonly timeouts: VirtualTimeouts,
    readonly id: number,
    readonly lane: Lane,
    private readonly callback: () => void,
    private readonly delay: number,
    private readonly context: CallerContext | undefined,
  ) {}

  arm(): void {
    const { timeouts } = this;
    const { scheduler } = timeouts;
    this.due = scheduler.now() + this.delay;
    this.rank = Math.max(this.rank, scheduler.rank) as Rank;
    this.isWaiting = true;
    timeouts.enter(this);
    this.place = new TimeoutPlace(timeouts, this.due, this.lane);
    this.place.slot = scheduler.arm(this.due, this.place, this.rank);
  }

  /** Is called at its turn, when it has left the line. What it arms is of its own rank, whoever's place it was. */
  call(): void {
    this.isWaiting = false;
    this.timeouts.scheduler.rank = this.rank;
    if (this.lane === 'interval') {
      this.rank = Math.max(this.rank, INTERVAL) as Rank;
      this.arm();
    }
    if (this.context === undefined) this.callback();
    else this.context(this.callback);
  }

  clear(): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.timeouts.leave(this);
    const { place } = this;
    if (place === undefined || place.slot === NO_SLOT) return;
    this.timeouts.scheduler.disarm(place.slot);
    place.slot = NO_SLOT;
  }

  // What Node's timers offer beside.

  close(): this {
    this.clear();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    this.clear();
    this.arm();
    return this;
  }
}
