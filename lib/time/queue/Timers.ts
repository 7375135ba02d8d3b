import type { SchedulerLike } from 'rxjs';
import type { Context } from '../present/Context';
import type { Present, Worker } from '../present/Present';
import type { Rank } from './rank';

/** What is done when a timer is due. */
export interface Task {
  /** The context that it runs in: taken where it was armed, or came about. Default the scheduler's. */
  readonly context?: Context | undefined;
  /** For whom it is done. Default nobody who is known. */
  readonly place?: Worker | undefined;
  /** What it is, in words, where that can be told neither by its class nor by its place. */
  readonly title?: string;
  run(): void;
  /** Is told what `run` has thrown; the tasks behind it go on. */
  fail(error: unknown): void;
}

/** The kinds of timers that operators arm. */
export type TimerKind = 'after' | 'every' | 'at' | 'cron';

/** A timer operator, as the ledger and a stop see it. */
export interface TimerPart {
  readonly part: 'timer';
  readonly kind: TimerKind;
  /** The instant it is armed for, or undefined while it waits for a trigger. */
  readonly due: number | undefined;
  /** All instants it is armed for, where there may be several. */
  dues?(): Iterable<number>;
  /** What it is part of, if anything. */
  readonly place: Worker | undefined;
  /** What takes what it emits. */
  readonly result: object;
  /** Cancels what is armed, for good. */
  halt(): void;
  /** Lets go of its triggers, too. */
  unsubscribe(): void;
}

/** Is told of timers as they are armed, fire and are cancelled. */
export interface TimerWatcher {
  timerArmed(timer: TimerPart, due: number): void;
  timerFired(timer: TimerPart, missed: number): void;
  timerCancelled(timer: TimerPart): void;
}

/**
 * A scheduler as the kit's own operators use it: timers without a closure or a Subscription for each.
 * The host's scheduler and the agents' views of it implement it; `timersOf` makes one of any other scheduler.
 */
export interface Timers extends SchedulerLike {
  now(): number;
  wallNow(): number;
  /**
   * Arms a timer and gives its slot, which is the caller's until the task runs or is disarmed. Only a foreign
   * scheduler may run the task within this; then there is no slot.
   */
  arm(due: number, task: Task, rank?: Rank): number;
  /** Gives an armed timer another instant. */
  rearm(slot: number, due: number): void;
  disarm(slot: number): void;
  /** Calls back whenever the wall clock has been set. Gives the way to end it. */
  onWallSet(listener: () => void): () => void;
  /** What runs now. */
  readonly present: Present;
  /** Who wants to know of timers, if anybody. */
  readonly timerWatcher: TimerWatcher | undefined;
  /** Takes note of a timer operator that has been subscribed, and gives what it is part of, if anything. */
  enter(timer: TimerPart): Worker | undefined;
  leave(timer: TimerPart): void;
}
