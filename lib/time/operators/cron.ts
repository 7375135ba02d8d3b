import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { anything } from '../../options/checks';
import { CalendarSubscriber } from './CalendarSubscriber';
import {
  type CronSchedule,
  type CronOptions as ScheduleOptions,
  cronSchedule,
} from '../calendar/cronSchedule';
import { dueUntil } from '../calendar/dueUntil';
import { checkScheduler, timersOf } from '../queue/ForeignTimers';
import { ENDLESS } from '../queue/rank';
import { aMissedPolicy, type MissedPolicy, type Tick } from './Tick';
import type { Timers } from '../queue/Timers';
import { timerOperator } from './TimerSubscriber';

export interface CronOptions extends ScheduleOptions {
  /** What becomes of ticks that came due during a stall or a sleep of the machine. Default `'one'`. */
  readonly missed?: MissedPolicy;
}

/** What others call the zone. */
const ALIASES = { timezone: 'zone', timeZone: 'zone', tz: 'zone' } as const;
/** The zone has an error code of its own. */
export const CRON = optionTable<CronOptions>({ missed: aMissedPolicy, zone: anything }, ALIASES);

/** A wall clock that is set back by less than this repeats no tick; by more, it is a new time, as cron(8) has it. */
export const LARGE_STEP = 3 * 3_600_000;

/**
 * Ticks by the wall clock, at the instants of a cron expression from its trigger on; see {@link cronSchedule}
 * for the syntax and for what happens when clocks change. Another trigger starts anew. It goes on when the
 * triggers complete, and ends when it is unsubscribed or the expression has no further instant.
 *
 * When the wall clock is set forward over a tick, that tick comes at once; when it is set back by less than
 * three hours, no tick comes twice. Of the ticks that are missed, 10,000 are counted or caught up at most.
 *
 * @throws AgentError `bad-cron`, `bad-zone` or `bad-option`, at once
 */
export function cron(
  expression: string,
  options?: CronOptions,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, Tick> {
  checkOptions('cron', CRON, options);
  const schedule = cronSchedule(expression, options);
  const { missed = 'one' } = options ?? {};
  checkScheduler('cron', scheduler);
  return timerOperator((result) => new CronSubscriber(result, timersOf(scheduler), schedule, missed));
}

class CronSubscriber extends CalendarSubscriber<unknown> {
  private index = 0;
  /** How many ticks have been skipped since the last one. */
  private skipped = 0;
  /** How often it was triggered. */
  private round = 0;
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
    this.skipped = 0;
    this.round++;
    this.disarm();
    this.armNext(this.timers.wallNow());
  }

  protected ring(wallNow: number): void {
    const due = dueUntil(this.schedule, this.upcoming, wallNow);
    const last = due.at(-1) ?? due[0];
    const missed = due.length - 1;
    this.noteFired(missed);
    this.armNext(last);
    if (this.missed === 'burst') this.burst(due);
    else if (this.missed === 'one') this.emitTick(last, missed);
    else this.skip(due);
  }

  private skip(due: readonly [number, ...number[]]): void {
    if (due.length > 1) {
      this.skipped += due.length;
      return;
    }
    const { skipped } = this;
    this.skipped = 0;
    this.emitTick(due[0], skipped);
  }

  protected override wallSet(): void {
    const wallNow = this.timers.wallNow();
    this.armNext(wallNow < this.last - LARGE_STEP ? wallNow : this.last);
  }

  /** A tick may itself start anew. */
  private burst(due: readonly number[]): void {
    const { round } = this;
    for (const instant of due) if (this.round === round) this.emitTick(instant, 0);
  }

  private emitTick(instant: number, missed: number): void {
    this.index += missed + 1;
    this.emit({ at: instant, index: this.index, missed });
  }

  private armNext(after: number): void {
    this.last = after;
    this.upcoming = this.schedule.next(after) ?? Infinity;
    if (this.upcoming !== Infinity) this.armWall(this.upcoming);
  }
}
