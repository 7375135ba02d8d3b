import { asyncScheduler, type MonoTypeOperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { type Duration, toMs } from './duration';
import { checkScheduler, timersOf } from './ForeignTimers';
import type { Timers } from './Timers';
import { timerOperator, TimerSubscriber } from './TimerSubscriber';

/**
 * Emits each trigger a while after it came, unless another one comes in the meantime: that starts the wait again.
 *
 * When the triggers complete, a wait that runs is finished first. An error of theirs, or of the function that
 * gives the wait, is passed on at once.
 * ```
 * trigger   a----b-c---------|
 * after(3)  ---a------c------|
 * ```
 * @param delay the wait, or a function that gives it for a trigger; ms or a {@link Duration}
 * @throws AgentError `bad-duration`, at once for a value, as an error of the result for a function's
 */
export function after<T>(
  delay: Duration | ((trigger: T) => Duration),
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<T> {
  const wait = typeof delay === 'function' ? delay : toMs(delay);
  checkScheduler('after', scheduler);
  return timerOperator((result) => new AfterSubscriber(result, timersOf(scheduler), wait));
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
