import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs';
import { checkOptions, NO_OPTIONS } from '../../options/checkOptions';
import {
  durableAfter,
  durableAt,
  durableCron,
  durableEvery,
  type DurableTimers,
} from '../../store/timers/durableTimers';
import {
  type DurableDateOptions,
  type DurableTimerOptions,
  type DurableWaitOptions,
  splitOptions,
} from '../../store/timers/options';
import { after, type AfterOptions } from '../../time/operators/after';
import { at, type DateInput } from '../../time/operators/at';
import { cron, type CronOptions } from '../../time/operators/cron';
import type { Duration } from '../../time/spans/duration';
import { every, type EveryOptions } from '../../time/operators/every';
import type { Tick } from '../../time/operators/Tick';
import type { Time } from '../definition/AgentContext';

/** The timer operators, on an agent's part of the scheduler. */
export class AgentTime implements Time {
  constructor(private readonly timers: DurableTimers) {}

  after<T>(
    delay: Duration | ((trigger: T) => Duration),
    options?: AfterOptions<T> & DurableWaitOptions<T>,
  ): MonoTypeOperatorFunction<T> {
    const { part, rest } = splitOptions<AfterOptions<T>>('after', options, 'wait');
    return part === undefined
      ? after(delay, rest, this.timers)
      : durableAfter(this.timers, delay, rest, part);
  }

  every(period: Duration, options?: EveryOptions & DurableTimerOptions): OperatorFunction<unknown, Tick> {
    const { part, rest } = splitOptions<EveryOptions>('every', options, 'grid');
    return part === undefined
      ? every(period, rest, this.timers)
      : durableEvery(this.timers, period, rest, part);
  }

  at<T>(
    date: DateInput | ((trigger: T) => DateInput),
    options?: DurableDateOptions<T>,
  ): OperatorFunction<T, Tick> {
    const { part, rest } = splitOptions<object>('time.at', options, 'date');
    if (part !== undefined) return durableAt(this.timers, date, rest, part);
    checkOptions('time.at', NO_OPTIONS, rest);
    return at(date, this.timers);
  }

  cron(expression: string, options?: CronOptions & DurableTimerOptions): OperatorFunction<unknown, Tick> {
    const { part, rest } = splitOptions<CronOptions>('cron', options, 'grid');
    return part === undefined
      ? cron(expression, rest, this.timers)
      : durableCron(this.timers, expression, rest, part);
  }

  now(): number {
    return this.timers.now();
  }

  wallNow(): number {
    return this.timers.wallNow();
  }
}
