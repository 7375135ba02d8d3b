import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { captureContext, type Context } from '../present/Context';
import { FINITE, type Rank } from '../queue/rank';
import { NO_SLOT } from '../queue/TimerQueue';
import type { Task, TimerKind, Timers } from '../queue/Timers';
import { liftedOperator } from './liftedOperator';
import { TimedSubscriber } from './TimedSubscriber';

/**
 * A timer operator that has one instant armed at most, and is the task that is armed for it. It costs one object for
 * each subscription, where a task beside it would make two: see the bench rows `restart` and `idleHeap`.
 */
export abstract class TimerSubscriber<T, R> extends TimedSubscriber<T, R> implements Task {
  /** That of the latest trigger: what comes of it runs there, tick after tick. */
  context: Context | undefined;
  private slot = NO_SLOT;
  private armedFor = 0;
  private isFiring = false;

  constructor(
    result: Subscriber<R>,
    timers: Timers,
    kind: TimerKind,
    private readonly ownRank: Rank = FINITE,
  ) {
    super(result, timers, kind);
  }

  /** Is called when the instant has come. */
  protected abstract fire(): void;

  get due(): number | undefined {
    return this.slot === NO_SLOT ? undefined : this.armedFor;
  }

  protected get isIdle(): boolean {
    return this.slot === NO_SLOT && !this.isFiring;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.isFiring = true;
    this.fire();
    this.isFiring = false;
    this.endIfDone();
  }

  protected arm(due: number): void {
    if (this.isOver) return;
    this.armedFor = due;
    if (this.slot === NO_SLOT) {
      const slot = this.timers.arm(due, this, this.ownRank);
      // If it has run meanwhile, what it may have armed then stands.
      if (slot !== NO_SLOT) this.slot = slot;
    } else {
      this.timers.rearm(this.slot, due);
    }
    this.noteArmed(due);
  }

  protected disarm(): void {
    if (this.slot === NO_SLOT) return;
    this.timers.disarm(this.slot);
    this.slot = NO_SLOT;
    this.noteCancelled();
  }

  protected override _next(value: T): void {
    this.context = captureContext();
    super._next(value);
  }
}

/** The operator each of whose subscriptions is what `create` gives. */
export function timerOperator<T, R>(
  create: (result: Subscriber<R>) => TimedSubscriber<T, R>,
): OperatorFunction<T, R> {
  return liftedOperator((result: Subscriber<R>, source: Observable<T>) => {
    const timer = create(result);
    timer.enter();
    // Not in its constructor: a result that is closed already ends it at once.
    result.add(timer);
    return source.subscribe(timer);
  });
}
