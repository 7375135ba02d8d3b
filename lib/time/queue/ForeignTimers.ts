import { asyncScheduler, Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { aPort } from '../../options/checks';
import { runIn } from '../present/Context';
import { Present } from '../present/Present';
import { FINITE } from './rank';
import { testTimers } from './testTimers';
import { NO_SLOT } from './TimerQueue';
import type { Task, TimerPart, Timers, TimerWatcher } from './Timers';

/** A longer wait is made of several: the host's timers, under RxJS's own schedulers, fire longer ones at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Of an option: a `SchedulerLike`. */
export const aScheduler = aPort(['now', 'schedule'], 'a scheduler of RxJS');

/**
 * The {@link Timers} of a scheduler that the kit has not made: RxJS's own, or a `TestScheduler`.
 * The one clock that such a scheduler shows is taken for the wall clock and for the monotonic one.
 */
export class ForeignTimers implements Timers {
  readonly timerWatcher: TimerWatcher | undefined = undefined;
  readonly present = new Present();
  private readonly armed: (ForeignTimer | undefined)[] = [];
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
    const timer = { task, wait: Subscription.EMPTY };
    this.armed[slot] = timer;
    this.await(due - this.now(), slot, timer);
    return this.armed[slot] === timer ? slot : NO_SLOT;
  }

  rearm(slot: number, due: number): void {
    const timer = this.armed[slot];
    if (timer !== undefined) this.await(due - this.now(), slot, timer);
  }

  disarm(slot: number): void {
    this.armed[slot]?.wait.unsubscribe();
    this.armed[slot] = undefined;
    this.free.push(slot);
  }

  onWallSet(): () => void {
    return () => undefined;
  }

  /** A foreign scheduler keeps no ledger. */
  enter(_timer: TimerPart): undefined {
    return undefined;
  }

  leave(_timer: TimerPart): void {
    // See enter.
  }

  /** The work may run within `schedule`, as it does on `queueScheduler`. */
  private await(span: number, slot: number, timer: ForeignTimer): void {
    timer.wait.unsubscribe();
    const wait = new Subscription();
    timer.wait = wait;
    const part = Math.min(Math.max(span, 0), LONGEST_WAIT);
    const action = this.schedule(() => {
      if (span > part) this.await(span - part, slot, timer);
      else this.fire(slot, timer);
    }, part);
    wait.add(action);
  }

  private fire(slot: number, { task }: ForeignTimer): void {
    this.disarm(slot);
    try {
      runIn(task.context, () => {
        task.run();
      });
    } catch (error) {
      this.present.become(FINITE, undefined);
      task.fail(error);
    }
  }
}

interface ForeignTimer {
  readonly task: Task;
  wait: Subscription;
}

/**
 * The timers of any scheduler: its own if the kit has made it. Default RxJS's own, in real time. In a marble test that
 * is the test's, and to ask it directly keeps the rank of what is armed: what repeats does not hold up the end.
 */
export function timersOf(scheduler: SchedulerLike = asyncScheduler): Timers {
  if (isTimers(scheduler)) return scheduler;
  return (scheduler === asyncScheduler ? testTimers() : undefined) ?? new ForeignTimers(scheduler);
}

function isTimers(scheduler: SchedulerLike): scheduler is Timers {
  return 'rearm' in scheduler && 'disarm' in scheduler;
}

/** @throws AgentError `bad-option`, where an operator is written with something else in the scheduler's place */
export function checkScheduler(operator: string, given: SchedulerLike): void {
  aScheduler(given, operator, 'scheduler');
}
