/* eslint-disable @typescript-eslint/no-deprecated --
   RxJS 7's own operators are made like this: one object is the subscriber, here the task and the ledger's part, too */
import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { LeanSubscriber } from './LeanSubscriber';
import { captureContext, type Context } from '../present/Context';
import { liftedOperator } from './liftedOperator';
import type { Worker } from '../present/Present';
import { FINITE, type Rank } from '../queue/rank';
import { NO_SLOT } from '../queue/TimerQueue';
import type { Task, TimerKind, TimerPart, Timers } from '../queue/Timers';

/** What takes a timer's result, if it wants to hear of a trigger before the timer has it fired. */
export interface Supersedable<T> {
  /** Ends what an earlier trigger has led to: there is a new one. */
  supersede(): void;
  /** The same, where the new trigger itself is what it will take. */
  supersedeBy(trigger: T): void;
}

/**
 * One subscription of a timer operator: a subscriber of the triggers, and the task that is armed for the
 * instant, in one object. What it emits next is its subclass's to say.
 *
 * @typeParam T the triggers
 * @typeParam R what is emitted
 */
export abstract class TimerSubscriber<T, R> extends LeanSubscriber<T> implements Task, TimerPart {
  readonly part = 'timer';
  readonly place: Worker | undefined;
  /** That of the latest trigger: what comes of it runs there, tick after tick. */
  context: Context | undefined;
  private slot = NO_SLOT;
  private armedFor = 0;
  private isFiring = false;
  private isHalted = false;
  private haveTriggersEnded = false;
  private hasEnded = false;
  protected readonly supersedable: Supersedable<R> | undefined;

  constructor(
    readonly result: Subscriber<R>,
    protected readonly timers: Timers,
    readonly kind: TimerKind,
    private readonly ownRank: Rank = FINITE,
  ) {
    super();
    this.supersedable = isSupersedable<R>(result) ? result : undefined;
    this.place = timers.enter(this);
  }

  /** Takes a trigger. What it throws, as a function of the user's may, is the result's error. */
  protected abstract trigger(value: T): void;
  /** There is a new trigger: ends what an earlier one has led to. */
  protected endEarlier(_value: T): void {
    this.supersedable?.supersede();
  }

  /** Is called when the instant has come. */
  protected abstract fire(): void;

  get due(): number | undefined {
    return this.slot === NO_SLOT ? undefined : this.armedFor;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.isFiring = true;
    this.fire();
    this.isFiring = false;
    if (this.haveTriggersEnded && this.slot === NO_SLOT && !this.isOver) this.end();
  }

  fail(error: unknown): void {
    this.result.error(error);
  }

  halt(): void {
    this.isHalted = true;
    this.disarm();
  }

  override unsubscribe(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.disarm();
    this.timers.leave(this);
    super.unsubscribe();
  }

  /** Whether nothing is to be armed any more: a function of the user's may unsubscribe, or stop the agent. */
  protected get isOver(): boolean {
    return this.hasEnded || this.isHalted;
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

  /** Emits, unless a watcher has halted it in the very moment. */
  protected emit(value: R): void {
    if (!this.isHalted) this.result.next(value);
  }

  protected override _next(value: T): void {
    if (this.isHalted) return;
    try {
      this.context = captureContext();
      this.endEarlier(value);
      this.trigger(value);
    } catch (error) {
      this.result.error(error);
    }
  }

  protected override _error(error: unknown): void {
    this.result.error(error);
    this.unsubscribe();
  }

  /** When the triggers end, their source is let go of at once, and what is armed still comes. */
  protected override _complete(): void {
    this.haveTriggersEnded = true;
    if (this.slot === NO_SLOT && !this.isFiring) {
      this.end();
      return;
    }
    super.unsubscribe();
    this.result.add(() => {
      this.unsubscribe();
    });
  }

  private end(): void {
    this.result.complete();
    this.unsubscribe();
  }
}

/** Whether a timer's result wants to hear of triggers. */
export function isSupersedable<R>(result: object): result is Supersedable<R> {
  return 'supersedeBy' in result;
}

/** The operator each of whose subscriptions is what `create` gives. */
export function timerOperator<T, R>(
  create: (result: Subscriber<R>) => LeanSubscriber<T>,
): OperatorFunction<T, R> {
  return liftedOperator((result: Subscriber<R>, source: Observable<T>) => {
    const timer = create(result);
    // Not in its constructor: a result that is closed already ends it at once.
    result.add(timer);
    return source.subscribe(timer);
  });
}
