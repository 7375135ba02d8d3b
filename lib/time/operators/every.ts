import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFlag } from '../../options/checks';
import { type Duration, toPositiveMs } from '../spans/duration';
import { checkScheduler, timersOf } from '../queue/ForeignTimers';
import { ENDLESS } from '../queue/rank';
import { aMissedPolicy, type MissedPolicy, type Tick } from './Tick';
import type { Timers } from '../queue/Timers';
import { timerOperator, TimerSubscriber } from './TimerSubscriber';

export interface EveryOptions {
  /** What becomes of ticks that came due during a stall. Default `'one'`. */
  readonly missed?: MissedPolicy;
  /** Whether there is a tick 0 at the trigger itself. Default false. */
  readonly immediate?: boolean;
}

export const EVERY = optionTable<EveryOptions>({ missed: aMissedPolicy, immediate: aFlag });

/**
 * Ticks on a grid from its trigger on: tick *n* is due at trigger + *n* × period, whatever the handlers of the
 * ticks cost. Another trigger starts a new grid. It goes on when the triggers complete, and ends when it is
 * unsubscribed. A change to summer time moves nothing; nor does a step of the wall clock, save on RxJS's own
 * schedulers, which know no other clock.
 * ```
 * trigger   a-----------b--------
 * every(4)  ----1---2-------1---2
 * ```
 * @param period longer than nothing; ms or a {@link Duration}
 * @throws AgentError `bad-duration` or `bad-option`, at once
 */
export function every(
  period: Duration,
  options?: EveryOptions,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, Tick> {
  const ms = toPositiveMs(period, 'A period');
  checkOptions('every', EVERY, options);
  const { missed = 'one', immediate = false } = options ?? {};
  checkScheduler('every', scheduler);
  return timerOperator((result) => new EverySubscriber(result, timersOf(scheduler), ms, missed, immediate));
}

class EverySubscriber extends TimerSubscriber<unknown, Tick> {
  private start = 0;
  private index = 0;
  /** How many ticks have been skipped since the last one. */
  private skipped = 0;

  constructor(
    result: Subscriber<Tick>,
    timers: Timers,
    private readonly period: number,
    private readonly missed: MissedPolicy,
    private readonly immediate: boolean,
  ) {
    super(result, timers, 'every', ENDLESS);
  }

  protected trigger(): void {
    this.start = this.timers.now();
    this.index = 0;
    this.skipped = 0;
    this.arm(this.start + this.period);
    if (this.immediate) this.emitTick(0, 0);
  }

  protected fire(): void {
    const first = this.index + 1;
    const last = Math.max(first, Math.floor((this.timers.now() - this.start) / this.period));
    this.index = last;
    this.noteFired(last - first);
    this.arm(this.start + (last + 1) * this.period);
    if (this.missed === 'burst') this.burst(first, last);
    else if (this.missed === 'one') this.emitTick(last, last - first);
    else this.skip(first, last);
  }

  private skip(first: number, last: number): void {
    if (last > first) {
      this.skipped += last - first + 1;
      return;
    }
    const { skipped } = this;
    this.skipped = 0;
    this.emitTick(last, skipped);
  }

  /** A tick may itself stop the rest, or start a new grid. */
  private burst(first: number, last: number): void {
    const { start } = this;
    for (let index = first; index <= last && this.due !== undefined && this.start === start; index++)
      this.emitTick(index, 0);
  }

  private emitTick(index: number, missed: number): void {
    this.emit({ at: this.start + index * this.period, index, missed });
  }
}
