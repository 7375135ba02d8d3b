import { AgentError } from '../AgentError';
import { type Duration, toPositiveMs } from '../time/duration';
import type { Policy } from '../trace/TraceEvent';
import type { MergeOptions } from './Handler';
import { type Retry, type RetryOptions, toRetry } from './retry';

export interface HandlerOptions {
  /** The handler's name in errors, reports and traces. Default the function's own, or the stream's. */
  readonly name?: string;
  /** How long one attempt may take before it is aborted and counts as failed. Default no limit. */
  readonly timeout?: Duration;
  /** How a failed attempt is repeated. Default not at all. */
  readonly retry?: RetryOptions;
  /** What a run that has failed for good does to its agent. Default `'continue'`. */
  readonly onError?: OnError;
  /** What a stop of the agent does to a run in flight: abort it, or wait for it up to `stopTimeout`. Default `'abort'`. */
  readonly onStop?: 'abort' | 'drain';
}

/** What a run that has failed for good does to its agent. */
export type OnError =
  /** Nothing: the stream takes its next trigger, and the agent's health is bad until a run succeeds. */
  | 'continue'
  /** Restart it, by its own `restart`, its group's, its host's or the default. */
  | 'restart'
  /** Stop it for good, as failed. */
  | 'stop';

/** What happens to a trigger that finds the queue full; whichever is left out is traced. */
export type Overflow =
  /** The trigger is left out, and a HandlerError with code `overflow` says so. */
  | 'fail'
  /** The trigger that has waited longest is left out. */
  | 'drop-oldest'
  /** The trigger itself is left out. */
  | 'drop-newest';

export interface QueueOptions {
  /** How many triggers may wait. Default 1000. */
  readonly buffer?: number;
  /** Default `'fail'`. */
  readonly overflow?: Overflow;
}

/** The options of a handler operator, read and checked once, where it is written. */
export interface Plan {
  readonly policy: Policy;
  readonly name: string | undefined;
  readonly timeout: number;
  readonly retry: Retry;
  readonly onError: OnError;
  readonly drains: boolean;
  readonly concurrency: number;
  readonly buffer: number;
  readonly overflow: Overflow;
}

const DEFAULT_BUFFER = 1000;
/** Most handlers have no options: those of one policy share a plan. */
const defaults: Partial<Record<Policy, Plan>> = {};

/** @throws AgentError `bad-option` or `bad-duration`, naming what was given */
export function toPlan(policy: Policy, options?: HandlerOptions & QueueOptions & MergeOptions): Plan {
  return options === undefined ? (defaults[policy] ??= read(policy, {})) : read(policy, options);
}

function read(policy: Policy, options: HandlerOptions & QueueOptions & MergeOptions): Plan {
  const { timeout, retry, onError = 'continue', onStop = 'abort', overflow = 'fail' } = options;
  return {
    policy,
    name: options.name,
    timeout: timeout === undefined ? Infinity : toPositiveMs(timeout, 'A timeout'),
    retry: toRetry(retry),
    onError: oneOf('onError', onError, ['continue', 'restart', 'stop']),
    drains: oneOf('onStop', onStop, ['abort', 'drain']) === 'drain',
    concurrency: policy === 'merge' ? atLeast(1, 'concurrency', options.concurrency ?? Infinity) : 1,
    buffer: policy === 'exhaust' ? 0 : atLeast(0, 'buffer', options.buffer ?? DEFAULT_BUFFER),
    overflow: oneOf('overflow', overflow, ['fail', 'drop-oldest', 'drop-newest']),
  };
}

function oneOf<V extends string>(option: string, given: V, allowed: readonly V[]): V {
  if (allowed.includes(given)) return given;
  const choices = allowed.map((value) => `'${value}'`).join(', ');
  throw new AgentError('bad-option', `${option}: ${JSON.stringify(given)} is none of ${choices}.`);
}

function atLeast(least: number, option: string, given: number): number {
  if (given >= least && (Number.isInteger(given) || given === Infinity)) return given;
  throw new AgentError(
    'bad-option',
    `${option}: ${given} has to be a whole number from ${least} on, or Infinity.`,
  );
}
