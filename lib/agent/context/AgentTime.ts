import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs';
import { checkOptions, NO_OPTIONS } from '../../options/checkOptions';
import { after, type AfterOptions } from '../../time/operators/after';
import { at, type DateInput } from '../../time/operators/at';
import { cron, type CronOptions } from '../../time/operators/cron';
import type { Duration } from '../../time/spans/duration';
import { every, type EveryOptions } from '../../time/operators/every';
import type { Tick } from '../../time/operators/Tick';
import type { Timers } from '../../time/queue/Timers';
import type { Time } from '../definition/AgentContext';

/** The timer operators, on an agent's part of the scheduler. */
export class AgentTime implements Time {
  constructor(private readonly timers: Timers) {}

  after<T>(
    delay: Duration | ((trigger: T) => Duration),
    options?: AfterOptions<T>,
  ): MonoTypeOperatorFunction<T> {
    return after(delay, options, this.timers);
  }

  every(period: Duration, options?: EveryOptions): OperatorFunction<unknown, Tick> {
    return every(period, options, this.timers);
  }

  at<T>(date: DateInput | ((trigger: T) => DateInput), options?: object): OperatorFunction<T, Tick> {
    checkOptions('time.at', NO_OPTIONS, options);
    return at(date, this.timers);
  }

  cron(expression: string, options?: CronOptions): OperatorFunction<unknown, Tick> {
    return cron(expression, options, this.timers);
  }

  now(): number {
    return this.timers.now();
  }

  wallNow(): number {
    return this.timers.wallNow();
  }
}
