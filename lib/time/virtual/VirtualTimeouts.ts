import { captureContext, type Context, runIn } from '../present/Context';
import { FINITE, INTERVAL, type Rank } from '../queue/rank';
import type { Scheduler } from '../queue/Scheduler';
import { type Lane, type Place, TimeoutLine } from './TimeoutLine';
import type { Task } from '../queue/Timers';
import { NO_SLOT } from '../queue/TimerQueue';

/** Where a host's timers are numbers, these are not among them; and none is given out twice. */
let lastId = 2 ** 40;

/**
 * The host's timer functions on a scheduler, by the rules of RxJS's `TestScheduler`: each timer has a place in the
 * scheduler's order, and whoever's place comes up, the first in line for that instant is called.
 */
export class VirtualTimeouts {
  private readonly lines = new Map<number, TimeoutLine<TimeoutPlace>>();
  private spare: TimeoutLine<TimeoutPlace> | undefined;
  /** Says who of those that are due is called, where a search does not let that be the first. */
  pick: ((due: readonly TimeoutPlace[]) => TimeoutPlace | undefined) | undefined;

  /**
   * @param onError is told what a callback has thrown
   */
  constructor(
    readonly scheduler: Scheduler,
    readonly onError: (error: unknown) => void,
  ) {}

  set(lane: Lane, callback: () => void, delay: number): VirtualTimeout {
    const wait = delay > 0 ? delay : 0;
    const timeout = new VirtualTimeout(this, ++lastId, lane, callback, wait);
    timeout.arm();
    return timeout;
  }

  enter(place: TimeoutPlace): void {
    let line = this.lines.get(place.due);
    if (line === undefined) {
      line = this.spare ?? new TimeoutLine();
      this.spare = undefined;
      this.lines.set(place.due, line);
    }
    line.add(place);
  }

  leave(place: TimeoutPlace): void {
    const line = this.lines.get(place.due);
    if (line === undefined) return;
    line.remove(place);
    if (line.isEmpty) this.drop(place.due, line);
  }

  /** A place in the scheduler's order has come up. There may be nobody left to be called. */
  callFirst(due: number): void {
    const line = this.lines.get(due);
    if (line === undefined) return;
    const first = this.pick === undefined ? line.takeFirst() : this.takePicked(line, this.pick);
    if (line.isEmpty) this.drop(due, line);
    first?.timeout.call();
  }

  private takePicked(
    line: TimeoutLine<TimeoutPlace>,
    pick: (due: readonly TimeoutPlace[]) => TimeoutPlace | undefined,
  ): TimeoutPlace | undefined {
    const picked = pick([...line.inOrder()]);
    if (picked !== undefined) line.take(picked);
    return picked;
  }

  private drop(due: number, line: TimeoutLine<TimeoutPlace>): void {
    this.lines.delete(due);
    this.spare = line;
  }
}

/**
 * One place for one instant: in the scheduler's order, and in the line of those who are to be called then. It stays
 * in that order when its holder has been called already, at somebody else's place.
 */
export class TimeoutPlace implements Task, Place {
  isWaiting = true;
  slot = NO_SLOT;

  constructor(
    readonly timeout: VirtualTimeout,
    readonly due: number,
  ) {}

  get id(): number {
    return this.timeout.id;
  }

  get lane(): Lane {
    return this.timeout.lane;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.timeout.timeouts.callFirst(this.due);
  }

  fail(error: unknown): void {
    this.timeout.timeouts.onError(error);
  }
}

/** What `setTimeout` and its like have armed. As in Node, it can be used where a number is expected. */
export class VirtualTimeout {
  private place: TimeoutPlace | undefined;
  private rank: Rank = FINITE;
  /** As with the host's own, that of the caller; it is not the place's, at which somebody else may be called. */
  private readonly context: Context | undefined = captureContext();

  constructor(
    readonly timeouts: VirtualTimeouts,
    readonly id: number,
    readonly lane: Lane,
    private readonly callback: () => void,
    readonly delay: number,
  ) {}

  arm(): void {
    const { timeouts } = this;
    const { scheduler } = timeouts;
    const place = new TimeoutPlace(this, scheduler.now() + this.delay);
    this.place = place;
    this.rank = higher(this.rank, scheduler.present.rank);
    timeouts.enter(place);
    place.slot = scheduler.arm(place.due, place, this.rank);
  }

  /** What it arms is of its own rank, whoever's place it was called at. */
  call(): void {
    this.timeouts.scheduler.present.become(this.rank, undefined);
    if (this.lane === 'interval') {
      this.rank = higher(this.rank, INTERVAL);
      this.arm();
    } else {
      this.place = undefined;
    }
    runIn(this.context, this.callback);
  }

  clear(): void {
    const { place } = this;
    if (place === undefined) return;
    this.place = undefined;
    place.isWaiting = false;
    this.timeouts.leave(place);
    if (place.slot !== NO_SLOT) this.timeouts.scheduler.disarm(place.slot);
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

function higher(one: Rank, other: Rank): Rank {
  return one > other ? one : other;
}
