import { asyncScheduler, type MonoTypeOperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFunction } from '../../options/checks';
import { type Duration, toMs } from '../spans/duration';
import { checkScheduler, timersOf } from '../queue/ForeignTimers';
import { type AfterPlan, KeyedAfterSubscriber } from './KeyedAfterSubscriber';
import { toKey } from './toKey';
import type { Timers } from '../queue/Timers';
import { timerOperator, TimerSubscriber } from './TimerSubscriber';

export interface AfterOptions<T> {
  /** The key of a trigger, compared as in a Map: each has a wait of its own. Nothing is kept of a key whose wait is over. */
  readonly key?: (trigger: T) => unknown;
}

export const AFTER = optionTable<AfterOptions<unknown>>({ key: aFunction });

/**
 * Emits each trigger a while after it came, unless another one comes in the meantime: that starts the wait again.
 *
 * When the triggers complete, a wait that runs is finished first. An error of theirs, or of the function that
 * gives the wait, is passed on at once.
 * ```
 * trigger   a----b-c---------|
 * after(3)  ---a------c------|
 * ```
 * With a `key` each key has a wait of its own, and only a trigger of the same key starts that again:
 * ```
 * trigger          (ab)-a---------|      a's and b's wait begin at 0, a's again at 5
 * after(8, byKey)  --------b----a-|
 * ```
 * @param delay the wait, or a function that gives it for a trigger; ms or a {@link Duration}
 * @throws AgentError `bad-duration` or `bad-option`, at once for a value, as an error of the result for a function's
 */
export function after<T>(
  delay: Duration | ((trigger: T) => Duration),
  scheduler?: SchedulerLike,
): MonoTypeOperatorFunction<T>;
export function after<T>(
  delay: Duration | ((trigger: T) => Duration),
  options: AfterOptions<T> | undefined,
  scheduler?: SchedulerLike,
): MonoTypeOperatorFunction<T>;
export function after<T>(
  delay: Duration | ((trigger: T) => Duration),
  ...[first, second]: [(AfterOptions<T> | SchedulerLike)?, SchedulerLike?]
): MonoTypeOperatorFunction<T> {
  const [options, scheduler = asyncScheduler] = isScheduler(first) ? [undefined, first] : [first, second];
  const wait = typeof delay === 'function' ? delay : toMs(delay);
  checkOptions('after', AFTER, options);
  checkScheduler('after', scheduler);
  const key = options?.key;
  if (key === undefined)
    return timerOperator((result) => new AfterSubscriber(result, timersOf(scheduler), wait));
  const plan: AfterPlan<T> = {
    keyOf: (trigger) => toKey(key(trigger)),
    waitOf: (trigger) => (typeof wait === 'number' ? wait : toMs(wait(trigger))),
  };
  return timerOperator((result) => new KeyedAfterSubscriber(result, timersOf(scheduler), plan));
}

function isScheduler(given: object | undefined): given is SchedulerLike {
  return given !== undefined && 'schedule' in given;
}

class AfterSubscriber<T> extends TimerSubscriber<T, T> {
  private value: T | undefined;

  constructor(
    result: Subscriber<T>,
    timers: Timers,
    private readonly wait: number | ((trigger: T) => Duration),
  ) {
    super(result, timers, 'after');
  }

  protected override endEarlier(value: T): void {
    this.supersedable?.supersedeBy(value);
  }

  protected trigger(value: T): void {
    const wait = typeof this.wait === 'number' ? this.wait : toMs(this.wait(value));
    this.value = value;
    this.arm(this.timers.now() + wait);
  }

  protected fire(): void {
    const value = this.value as T;
    this.value = undefined;
    this.noteFired(0);
    this.emit(value);
  }
}
