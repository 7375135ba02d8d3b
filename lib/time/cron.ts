import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { CalendarSubscriber } from './CalendarSubscriber';
import { type CronSchedule, type CronOptions as ScheduleOptions, cronSchedule } from './cronSchedule';
import { timersOf } from './ForeignTimers';
import { ENDLESS } from './rank';
import { checkMissedPolicy, type MissedPolicy, type Tick } from './Tick';
import type { Timers } from './Timers';

export interface CronOptions extends ScheduleOptions {
  /** What becomes of ticks that came due during a stall or a sleep of the machine. Default `'one'`. */
  readonly missed?: MissedPolicy;
}

/** A wall clock that is set back by less than this repeats no tick; by more, it is a new time, as cron(8) has it. */
const LARGE_STEP = 3 * 3_600_000;

/**
 * Ticks by the wall clock, at the instants of a cron expression from its trigger on; see {@link cronSchedule}
 * for the syntax and for what happens when clocks change. Another trigger starts anew. It goes on when the
 * triggers complete, and ends when it is unsubscribed or the expression has no further instant.
 *
 * When the wall clock is set forward over a tick, that tick comes at once; when it is set back by less than
 * three hours, no tick comes twice.
 *
 * @throws AgentError `bad-cron`, `bad-zone` or `bad-option`, at once
 */
export function cron(
  expression: string,
  { missed = 'one', ...options }: CronOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, Tick> {
  const schedule = cronSchedule(expression, options);
  const policy = checkMissedPolicy(missed);
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe(new CronSubscriber(subscriber, timersOf(scheduler), schedule, policy)),
    );
}

class CronSubscriber extends CalendarSubscriber<unknown> {
  private index = 0;
  /** The instant that the calendar was read from: the last tick's, or the trigger's. */
  private last = 0;
  /** The instant that is armed, or Infinity when there is none to come. */
  private upcoming = Infinity;

  constructor(
    result: Subscriber<Tick>,
    timers: Timers,
    private readonly schedule: CronSchedule,
    private readonly missed: MissedPolicy,
  ) {
    super(result, timers, 'cron', ENDLESS);
  }

  protected trigger(): void {
    this.index = 0;
    this.disarm();
    this.armNext(this.timers.wallNow());
  }

  protected ring(wallNow: number): void {
    const due = this.dueUntil(wallNow);
    const last = due.length - 1;
    this.armNext(due[last] ?? wallNow);
    this.noteFired(last);
    if (this.missed === 'burst') for (const instant of due) this.emit(instant, 0);
    else if (this.missed === 'one' || last === 0) this.emit(due[last] ?? wallNow, last);
    else this.index += due.length;
  }

  protected override wallSet(): void {
    const wallNow = this.timers.wallNow();
    this.armNext(wallNow < this.last - LARGE_STEP ? wallNow : this.last);
  }

  private emit(instant: number, missed: number): void {
    this.index += missed + 1;
    this.result.next({ at: instant, index: this.index, missed });
  }

  private armNext(after: number): void {
    this.last = after;
    this.upcoming = this.schedule.next(after) ?? Infinity;
    if (this.upcoming !== Infinity) this.armWall(this.upcoming);
  }

  private dueUntil(wallNow: number): number[] {
    const due = [this.upcoming];
    for (;;) {
      const following = this.schedule.next(due.at(-1) ?? wallNow);
      if (following === undefined || following > wallNow) return due;
      due.push(following);
    }
  }
}
