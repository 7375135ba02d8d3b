import type { Observable, OperatorFunction, Subscriber } from 'rxjs';
import { liftedOperator } from '../../time/operators/liftedOperator';
import type { Policy } from '../../trace/TraceEvent';
import { checkHandler } from '../createHandle';
import type { HandlerResult } from '../policies/Handler';
import type { MergeOptions, QueueOptions, TriggerOptions } from '../policies/options';
import { Runner } from '../policies/Runner';
import type { Run } from '../run/Run';
import { type AnyStandaloneOptions, type StandaloneOptions, toTerms } from './options';
import { StandaloneScope } from './StandaloneScope';

/** What a handler in no agent works with: all that one in an agent has but `call`, since there is no bus. */
export type StandaloneRun = Omit<Run, 'call' | 'key' | 'step'>;

/** A handler in no agent. */
export type StandaloneHandler<T, R> = (trigger: T, run: StandaloneRun) => HandlerResult<R>;

/**
 * The handler operators for any pipeline, without an agent or a host; see {@link Handle} for what they do.
 * ```ts
 * clicks$.pipe(handle.switch(async (click, { signal, sleep }) => …))
 * ```
 * An error ends the result, as in RxJS, unless `onError` is `'continue'`. To unsubscribe aborts all runs. A run has all
 * that an agent's has but `call`, since there is no bus; `offload` needs the option of that name. There is no trace, no
 * health and no stop: in an agent, use the `handle` of its context.
 *
 * Each throws AgentError `bad-option` or `bad-duration`, where it is written.
 */
export interface StandaloneHandle {
  /** A trigger aborts the run in flight and starts its own. */
  switch<T, R>(
    handler: StandaloneHandler<T, R>,
    options?: StandaloneOptions & TriggerOptions<T>,
  ): OperatorFunction<T, R>;
  /** A trigger waits in a queue until the runs before it have ended, their retries included. */
  concat<T, R>(
    handler: StandaloneHandler<T, R>,
    options?: StandaloneOptions & TriggerOptions<T> & QueueOptions,
  ): OperatorFunction<T, R>;
  /** A trigger starts its run beside the others; beyond `concurrency` it waits in a queue. */
  merge<T, R>(
    handler: StandaloneHandler<T, R>,
    options?: StandaloneOptions & TriggerOptions<T> & QueueOptions & MergeOptions,
  ): OperatorFunction<T, R>;
  /** A trigger gets no run while another is in flight. */
  exhaust<T, R>(
    handler: StandaloneHandler<T, R>,
    options?: StandaloneOptions & TriggerOptions<T>,
  ): OperatorFunction<T, R>;
}

/** See {@link StandaloneHandle}. */
export const handle: StandaloneHandle = {
  switch: (handler, options) => operator('switch', handler, options),
  concat: (handler, options) => operator('concat', handler, options),
  merge: (handler, options) => operator('merge', handler, options),
  exhaust: (handler, options) => operator('exhaust', handler, options),
};

function operator<T, R>(
  policy: Policy,
  handler: StandaloneHandler<T, R>,
  options: AnyStandaloneOptions<T> | undefined,
): OperatorFunction<T, R> {
  checkHandler(policy, handler);
  const { plan, terms } = toTerms(policy, options);
  return liftedOperator((result: Subscriber<R>, source: Observable<T>) =>
    source.subscribe(
      new Runner(result, new StandaloneScope(`handle.${policy}`, terms, result), handler, plan),
    ),
  );
}
