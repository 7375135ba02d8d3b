import type { OperatorFunction } from 'rxjs';
import { cronSchedule } from '../../time/calendar/cronSchedule';
import { AFTER, type AfterOptions } from '../../time/operators/after';
import { type DateInput, toInstant } from '../../time/operators/at';
import { CRON, type CronOptions } from '../../time/operators/cron';
import { EVERY, type EveryOptions } from '../../time/operators/every';
import type { Tick } from '../../time/operators/Tick';
import type { Timers } from '../../time/queue/Timers';
import { checkOptions, NO_OPTIONS } from '../../options/checkOptions';
import { type Duration, toMs, toPositiveMs } from '../../time/spans/duration';
import type { AgentStore } from '../AgentStore';
import { durableTimer } from './DurableTimer';
import type { DurablePart } from './options';
import { afterPlan, atPlan, cronPlan, everyPlan } from './plans';

/** What the durable timers of an agent stand on. */
export interface DurableTimers extends Timers {
  readonly durables: AgentStore;
}

// The operators of `time` that outlive the process. Each throws what the one that does not throws, where it is written.

export function durableAfter<T>(
  timers: DurableTimers,
  delay: Duration | ((trigger: T) => Duration),
  options: AfterOptions<T> | undefined,
  part: DurablePart,
): OperatorFunction<T, T> {
  const wait = typeof delay === 'function' ? delay : toMs(delay);
  checkOptions('after', AFTER, options);
  return durableTimer(timers, timers.durables, part, afterPlan(wait, options?.key, part.late));
}

export function durableAt<T>(
  timers: DurableTimers,
  date: DateInput | ((trigger: T) => DateInput),
  options: object | undefined,
  part: DurablePart,
): OperatorFunction<T, Tick> {
  checkOptions('time.at', NO_OPTIONS, options);
  const instant = typeof date === 'function' ? date : toInstant(date);
  return durableTimer(timers, timers.durables, part, atPlan(instant, part.late));
}

export function durableEvery(
  timers: DurableTimers,
  period: Duration,
  options: EveryOptions | undefined,
  part: DurablePart,
): OperatorFunction<unknown, Tick> {
  const ms = toPositiveMs(period, 'A period');
  checkOptions('every', EVERY, options);
  const { missed = 'one', immediate = false } = options ?? {};
  return durableTimer(timers, timers.durables, part, everyPlan(ms, missed, immediate));
}

export function durableCron(
  timers: DurableTimers,
  expression: string,
  options: CronOptions | undefined,
  part: DurablePart,
): OperatorFunction<unknown, Tick> {
  checkOptions('cron', CRON, options);
  const { missed = 'one', zone = 'UTC' } = options ?? {};
  const schedule = cronSchedule(expression, options);
  return durableTimer(timers, timers.durables, part, cronPlan(schedule, `${expression} ${zone}`, missed));
}
