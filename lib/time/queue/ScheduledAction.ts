import { Subscription, type SchedulerAction } from 'rxjs';
import { captureContext, type Context } from '../present/Context';
import { toMs } from '../spans/duration';
import type { Worker } from '../present/Present';
import { FINITE, INTERVAL } from './rank';
import { NO_SLOT } from './TimerQueue';
import type { Task, Timers } from './Timers';

/**
 * The action that runs, and when that run was due: one for all, since most actions run once, and a place in each would
 * be a tenth of them, as the bench row `one-shot timers: peak memory` shows.
 */
let running: unknown;
let runningDue = 0;

/** Work that RxJS has scheduled. Work that schedules itself again from within keeps this one action. */
export class ScheduledAction<T> extends Subscription implements SchedulerAction<T>, Task {
  private slot = NO_SLOT;
  private due = 0;
  private wait = 0;
  private state: T | undefined;
  private hasRun = false;
  /** Whoever scheduled it; a repetition is still theirs. */
  context: Context | undefined;
  place: Worker | undefined;

  constructor(
    private readonly timers: Timers,
    private readonly work: (this: SchedulerAction<T>, state?: T) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    super();
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this;
    this.state = state;
    if (running !== this) {
      this.context = captureContext();
      this.place = this.timers.present.worker;
    }
    this.due = this.dueIn(delay);
    if (this.slot !== NO_SLOT) this.timers.disarm(this.slot);
    this.slot =
      this.due === Infinity ? NO_SLOT : this.timers.arm(this.due, this, this.hasRun ? INTERVAL : FINITE);
    return this;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.hasRun = true;
    const outer = running;
    const outerDue = runningDue;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- it is compared, and never called
    running = this;
    runningDue = this.due;
    try {
      this.work(this.state);
    } finally {
      running = outer;
      runningDue = outerDue;
    }
  }

  fail(error: unknown): void {
    try {
      this.unsubscribe();
    } finally {
      this.onError(error);
    }
  }

  override unsubscribe(): void {
    if (this.closed) return;
    if (this.slot !== NO_SLOT) this.timers.disarm(this.slot);
    this.slot = NO_SLOT;
    super.unsubscribe();
  }

  /**
   * A repetition counts from when it was due, not from when it ran, so that `interval` does not drift. One with
   * another delay counts from now, as RxJS has it: `debounceTime` reckons up to an instant.
   */
  private dueIn(delay: number): number {
    if (Number.isNaN(delay)) toMs(delay);
    const now = this.timers.now();
    const wait = Math.max(delay, 0);
    const repeated = wait === this.wait && running === this ? runningDue + wait : now;
    this.wait = wait;
    return repeated > now ? repeated : now + wait;
  }
}
