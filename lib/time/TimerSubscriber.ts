import { Subscriber } from 'rxjs';
import { FINITE, type Rank } from './rank';
import { NO_SLOT } from './TimerQueue';
import type { Task, TimerKind, TimerPart, Timers } from './Timers';

/**
 * One subscription of a timer operator: a subscriber of the triggers, and the task that is armed for the
 * instant, in one object. What it emits next is its subclass's to say.
 *
 * @typeParam T the triggers
 * @typeParam R what is emitted
 */
export abstract class TimerSubscriber<T, R> extends Subscriber<T> implements Task, TimerPart {
  readonly part = 'timer';
  private slot = NO_SLOT;
  private armedFor = 0;
  private isHalted = false;

  constructor(
    protected readonly result: Subscriber<R>,
    protected readonly timers: Timers,
    readonly kind: TimerKind,
    private readonly ownRank: Rank = FINITE,
  ) {
    super(result);
    timers.enter(this);
  }

  /** Takes a trigger. What it throws, as a function of the user's may, is the result's error. */
  protected abstract trigger(value: T): void;
  /** Is called when the instant has come. */
  protected abstract fire(): void;

  get due(): number | undefined {
    return this.slot === NO_SLOT ? undefined : this.armedFor;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.fire();
    if (this.isStopped && this.slot === NO_SLOT && !this.closed) this.end();
  }

  fail(error: unknown): void {
    this.result.error(error);
  }

  halt(): void {
    this.isHalted = true;
    this.disarm();
  }

  override unsubscribe(): void {
    if (this.closed) return;
    this.disarm();
    this.timers.leave(this);
    super.unsubscribe();
  }

  protected arm(due: number): void {
    this.armedFor = due;
    if (this.slot === NO_SLOT) this.slot = this.timers.arm(due, this, this.ownRank);
    else this.timers.rearm(this.slot, due);
    this.timers.timerWatcher?.timerArmed(this, due);
  }

  protected disarm(): void {
    if (this.slot === NO_SLOT) return;
    this.timers.disarm(this.slot);
    this.slot = NO_SLOT;
    this.timers.timerWatcher?.timerCancelled(this);
  }

  protected noteFired(missed: number): void {
    this.timers.timerWatcher?.timerFired(this, missed);
  }

  protected override _next(value: T): void {
    if (this.isHalted) return;
    try {
      this.trigger(value);
    } catch (error) {
      this.result.error(error);
    }
  }

  /** When the triggers end, what is armed still comes. */
  protected override _complete(): void {
    if (this.slot === NO_SLOT) this.end();
  }

  private end(): void {
    this.result.complete();
    this.unsubscribe();
  }
}
