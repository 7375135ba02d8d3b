/* eslint-disable @typescript-eslint/no-deprecated --
   RxJS 7's own operators are made like this: one object is the subscriber and the ledger's part, too */
import type { Subscriber } from 'rxjs';
import type { Worker } from '../present/Present';
import type { TimerKind, TimerPart, Timers } from '../queue/Timers';
import { LeanSubscriber } from './LeanSubscriber';

/** What takes a timer's result, if it wants to hear of a trigger before the timer has it fired. */
export interface Supersedable<T> {
  /** Ends what an earlier trigger has led to: there is a new one. */
  supersede(): void;
  /** The same, where the new trigger itself is what it will take. */
  supersedeBy(trigger: T): void;
}

/**
 * One subscription of a timer operator, from the first trigger to the last instant: what is armed is its subclass's
 * to know.
 *
 * @typeParam T the triggers
 * @typeParam R what is emitted
 */
export abstract class TimedSubscriber<T, R> extends LeanSubscriber<T> implements TimerPart {
  readonly part = 'timer';
  place: Worker | undefined;
  protected readonly supersedable: Supersedable<R> | undefined;
  private isHalted = false;
  private haveTriggersEnded = false;
  private hasEnded = false;

  constructor(
    readonly result: Subscriber<R>,
    readonly timers: Timers,
    readonly kind: TimerKind,
  ) {
    super();
    this.supersedable = isSupersedable<R>(result) ? result : undefined;
  }

  /** Makes it known to its agent, which may be halted, and halts it then: it has to be whole. */
  enter(): void {
    this.place = this.timers.enter(this);
  }

  /** The earliest instant that is armed. */
  abstract get due(): number | undefined;
  /** Whether nothing is armed, or about to be. */
  protected abstract get isIdle(): boolean;
  /** Cancels what is armed. */
  protected abstract disarm(): void;
  /** Takes a trigger. What it throws, as a function of the user's may, is the result's error. */
  protected abstract trigger(value: T): void;

  /** There is a new trigger: ends what an earlier one has led to. */
  protected endEarlier(_value: T): void {
    this.supersedable?.supersede();
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

  protected noteArmed(due: number): void {
    this.timers.timerWatcher?.timerArmed(this, due);
  }

  protected noteCancelled(): void {
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
    if (this.isIdle) {
      this.end();
      return;
    }
    super.unsubscribe();
    this.result.add(() => {
      this.unsubscribe();
    });
  }

  /** An instant has come and gone: it may have been the last one. */
  protected endIfDone(): void {
    if (this.haveTriggersEnded && this.isIdle && !this.isOver) this.end();
  }

  private end(): void {
    this.result.complete();
    this.unsubscribe();
  }
}

/** Whether a timer's result wants to hear of triggers. */
function isSupersedable<R>(result: object): result is Supersedable<R> {
  return 'supersedeBy' in result;
}

/** The first of the instants that are armed, if any is. */
export function earliest(dues: Iterable<number>): number | undefined {
  let first: number | undefined;
  for (const due of dues) if (first === undefined || due < first) first = due;
  return first;
}
