import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { FINITE } from './rank';
import type { Task, TimerPart, Timers, TimerWatcher } from './Timers';

/** The {@link Timers} of a scheduler that the kit has not made: RxJS's own, or a `TestScheduler`. */
export class ForeignTimers implements Timers {
  readonly timerWatcher: TimerWatcher | undefined = undefined;
  rank = FINITE;
  private readonly armed: ({ readonly task: Task; readonly subscription: Subscription } | undefined)[] = [];
  private readonly free: number[] = [];

  constructor(private readonly scheduler: SchedulerLike) {}

  now(): number {
    return this.scheduler.now();
  }

  wallNow(): number {
    return this.scheduler.now();
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    return delay === undefined
      ? this.scheduler.schedule(work, 0, state as T)
      : this.scheduler.schedule(work, delay, state as T);
  }

  arm(due: number, task: Task): number {
    const slot = this.free.pop() ?? this.armed.length;
    this.armed[slot] = {
      task,
      subscription: this.schedule(
        () => {
          this.fire(slot);
        },
        Math.max(0, due - this.now()),
      ),
    };
    return slot;
  }

  rearm(slot: number, due: number): void {
    const timer = this.armed[slot];
    if (timer === undefined) return;
    timer.subscription.unsubscribe();
    this.armed[slot] = {
      ...timer,
      subscription: this.schedule(
        () => {
          this.fire(slot);
        },
        Math.max(0, due - this.now()),
      ),
    };
  }

  disarm(slot: number): void {
    this.armed[slot]?.subscription.unsubscribe();
    this.armed[slot] = undefined;
    this.free.push(slot);
  }

  onWallSet(): () => void {
    return () => undefined;
  }

  enter(_timer: TimerPart): void {
    // A foreign scheduler keeps no ledger.
  }

  leave(_timer: TimerPart): void {
    // See enter.
  }

  private fire(slot: number): void {
    const timer = this.armed[slot];
    this.disarm(slot);
    try {
      timer?.task.run();
    } catch (error) {
      timer?.task.fail(error);
    }
  }
}

/** The timers of any scheduler: its own if the kit has made it. */
export function timersOf(scheduler: SchedulerLike): Timers {
  return isTimers(scheduler) ? scheduler : new ForeignTimers(scheduler);
}

function isTimers(scheduler: SchedulerLike): scheduler is Timers {
  return 'rearm' in scheduler && 'disarm' in scheduler;
}
