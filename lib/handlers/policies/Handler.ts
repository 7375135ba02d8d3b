import type { Observable, OperatorFunction } from 'rxjs';
import type { Run } from '../run/Run';
import type { DurableOptions, HandlerOptions, MergeOptions, QueueOptions, TriggerOptions } from './options';

/** What a handler may return: one value to come, or several, each of which is emitted as it comes. */
export type HandlerResult<R> = PromiseLike<R> | AsyncIterable<R> | Observable<R>;

/** An async function (or async generator, or a function to an Observable) that a trigger runs. */
export type Handler<T, R> = (trigger: T, run: Run) => HandlerResult<R>;

/**
 * Operators that run a handler for each trigger and emit what its runs give. They differ in what a trigger
 * does while a run is in flight. With a handler that takes 3:
 * ```
 * trigger   a-b------|
 * switch    -----B---|      a's run is aborted, its signal too
 * concat    ---A--B--|      b waits for a's run
 * merge     ---A-B---|      both run
 * exhaust   ---A-----|      b gets no run; that is traced
 * ```
 * A run that fails ends by itself: its error goes to the agent's `errors$`, and the stream goes on. When the
 * triggers complete, the runs in flight and those that wait are finished first; when they fail, or the stream is
 * unsubscribed, all are aborted. A trigger that gets no run is a `trigger-dropped` in the trace.
 *
 * A handler's one value is emitted when its run is over. If it triggers the same stream again, at once: `switch`
 * starts the next run and has nothing to abort, `concat` and `merge` start it as soon as there is room, and
 * `exhaust` ignores it, as RxJS does.
 *
 * With a `key` the policy is applied to each key apart, as if each had an operator of its own: with a handler of 5
 * ```
 * trigger             abA------|     a and A are of one key: A aborts a's run
 * switch, with a key  ------bA-|
 * ```
 * Each throws AgentError `bad-option` or `bad-duration`, where it is written.
 */
export interface Handle {
  /**
   * A trigger aborts the run in flight and starts its own. If the abort itself makes another trigger come, that
   * later one gets the run.
   */
  switch<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T>,
  ): OperatorFunction<T, R>;
  /** A trigger waits in a queue until the runs before it have ended, their retries included. */
  concat<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T> & QueueOptions,
  ): OperatorFunction<T, R>;
  /** A trigger starts its run beside the others; beyond `concurrency` it waits in a queue. */
  merge<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T> & QueueOptions & MergeOptions,
  ): OperatorFunction<T, R>;
  /** A trigger gets no run while another is in flight. */
  exhaust<T, R>(
    handler: Handler<T, R>,
    options?: HandlerOptions & TriggerOptions<T> & DurableOptions<T>,
  ): OperatorFunction<T, R>;
}
