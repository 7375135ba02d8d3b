import type { Rank } from '../../time/queue/rank';
import type { TimerKind } from '../../time/queue/Timers';
import type { Json } from '../Json';

/** What is armed, as it is kept: an instant by the wall clock, and what its kind of timer has to know. */
export interface Armed {
  readonly due: number;
  readonly memo: Json;
}

/** What a ring comes to. */
export interface Rung<R> {
  readonly values: readonly R[];
  /** What is armed next, if anything. */
  readonly next: Armed | undefined;
  /** How many instants are left out. */
  readonly missed: number;
}

/** What a kind of durable timer does with its triggers and instants, which are all of the wall clock. */
export interface TimerPlan<T, R> {
  readonly kind: TimerKind;
  readonly rank: Rank;
  keyOf(trigger: T): unknown;
  begin(trigger: T, now: number): Armed | undefined;
  /** What is emitted right at the trigger. */
  first?(now: number): readonly R[];
  /** An instant has come. @param late by how much, if it came while nothing ran */
  ring(armed: Armed, trigger: T, now: number, late: number): Rung<R>;
  /** What of an earlier life goes on; undefined if nothing does. @param down how long nothing ran */
  restore(armed: Armed, trigger: T, now: number, down: number): Armed | undefined;
  /** The wall clock has been set by so many ms: what measures a span is moved with it. */
  shift(armed: Armed, ms: number, now: number): Armed;
}
