import type { Observable } from 'rxjs';
import { badOption, checkOptions, nested, optionTable, type OptionTable } from '../../options/checkOptions';
import { aFunction, aLimit, aName, aPort, oneOf } from '../../options/checks';
import { checkKeyPart } from '../../store/keys';
import type { SchemaOf } from '../../store/SchemaOf';
import { aSpan, type Duration, toMs } from '../../time/spans/duration';
import type { Policy } from '../../trace/TraceEvent';
import { RETRY, type Retry, type RetryOptions, toRetry } from './retry';

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

export interface MergeOptions {
  /** How many runs are in flight at most. Default Infinity. */
  readonly concurrency?: number;
}

/** What makes a handler durable. */
export interface DurableOptions<T> {
  /**
   * The name under which its jobs are kept, unique in its agent and the same across deploys: a trigger that was taken is
   * a job until its run has settled for good. Jobs that are open when the process ends run again when the agent starts,
   * in their order and before new ones; one that fails for good is kept as dead. A run begins when its job is kept.
   * Triggers are JSON: what is not is refused, with a HandlerError. Default: nothing outlives the process.
   */
  readonly durable?: string;
  /**
   * In how many lives in a row, behind the first, a job may be in a run when the process ends without a stop: then it is
   * dead, as what may have ended them. One of which a step is kept, or that waits in `sleep` or `next` with a `step`,
   * begins to be counted anew. Default 10.
   */
  readonly maxCrashes?: number;
  /** The zod schema of the triggers, by which they are written and read; codecs in it make JSON of what is none. */
  readonly schema?: SchemaOf<T>;
}

/** What an operator is told of each trigger by functions of the user's. */
export interface TriggerOptions<T> {
  /**
   * The key of a trigger, compared as in a Map: the policy is applied to each key apart, and so are `concurrency`,
   * `buffer` and `overflow`. Nothing is kept of a key that has neither a run nor a trigger that waits. If it throws,
   * the trigger is left out, and a HandlerError says so. Default one key for all.
   */
  readonly key?: (trigger: T) => unknown;
  /**
   * Gives what calls off the run of a trigger: when it emits, the run is aborted as by a switch, or not repeated any
   * more. It is subscribed when the run starts, and if it has emitted by then there is none. If it fails, the run has.
   */
  readonly until?: (trigger: T) => Observable<unknown>;
}

/** The options of a handler operator, read and checked once, where it is written. */
export interface Plan<T = unknown> {
  readonly policy: Policy;
  readonly name: string | undefined;
  readonly timeout: number;
  readonly retry: Retry;
  readonly onError: OnError;
  readonly drains: boolean;
  readonly concurrency: number;
  readonly buffer: number;
  readonly overflow: Overflow;
  readonly key: ((trigger: T) => unknown) | undefined;
  readonly until: ((trigger: T) => Observable<unknown>) | undefined;
  readonly durable: string | undefined;
  readonly maxCrashes: number;
  readonly schema: unknown;
}

const DEFAULT_BUFFER = 1000;
const DEFAULT_CRASHES = 10;

export const HANDLER = {
  name: aName,
  timeout: aSpan,
  retry: nested(RETRY),
  onError: oneOf(['continue', 'restart', 'stop'] satisfies readonly OnError[]),
  onStop: oneOf(['abort', 'drain']),
};
export const QUEUE = {
  buffer: aLimit(0),
  overflow: oneOf(['fail', 'drop-oldest', 'drop-newest'] satisfies readonly Overflow[]),
};
export const MERGE = { concurrency: aLimit(1) };
export const ALIASES = { retries: 'retry', deadline: 'timeout' } as const;

export const TRIGGER = { key: aFunction, until: aFunction };
export const DURABLE = {
  durable: aName,
  maxCrashes: aLimit(1),
  schema: aPort(['safeParse'], 'a zod schema'),
};

type Any<T = unknown> = HandlerOptions & TriggerOptions<T> & DurableOptions<T>;
const concat = optionTable<Any & QueueOptions>({ ...HANDLER, ...TRIGGER, ...DURABLE, ...QUEUE }, ALIASES);
const single = optionTable<Any>({ ...HANDLER, ...TRIGGER, ...DURABLE }, ALIASES);
const merge = optionTable<Any & QueueOptions & MergeOptions>(
  { ...HANDLER, ...TRIGGER, ...DURABLE, ...QUEUE, ...MERGE },
  ALIASES,
);
const TABLES: Readonly<Record<Policy, OptionTable>> = { switch: single, concat, merge, exhaust: single };
/** The options of what serves a procedure. */
export const SERVE = optionTable<HandlerOptions & Pick<QueueOptions, 'buffer'> & MergeOptions>(
  { ...HANDLER, buffer: QUEUE.buffer, ...MERGE },
  ALIASES,
);

/** Most handlers have no options: those of one policy share a plan. */
const defaults: Partial<Record<Policy, Plan>> = {};

/**
 * @param owner whose options they are, for messages
 * @throws AgentError `bad-option` or `bad-duration`, naming what was given
 */
export function toPlan<T>(
  policy: Policy,
  options?: Any<T> & QueueOptions & MergeOptions,
  owner = `handle.${policy}`,
  table = TABLES[policy],
): Plan<T> {
  if (options === undefined) return (defaults[policy] ??= readPlan(policy, {}));
  checkOptions(owner, table, options);
  if (options.durable !== undefined) checkKeyPart(owner, 'durable', options.durable);
  else
    for (const name of ['schema', 'maxCrashes'] as const)
      if (options[name] !== undefined)
        throw badOption(
          owner,
          name,
          options[name],
          `is of use to a durable handler only: { durable: 'a name', ${name} }`,
        );
  return readPlan(policy, options);
}

/** Reads options that have been checked. */
export function readPlan<T>(policy: Policy, options: Any<T> & QueueOptions & MergeOptions): Plan<T> {
  const { timeout, retry, onError = 'continue', onStop = 'abort', overflow = 'fail' } = options;
  return {
    policy,
    name: options.name,
    timeout: timeout === undefined ? Infinity : toMs(timeout),
    retry: toRetry(retry),
    onError,
    drains: onStop === 'drain',
    concurrency: policy === 'merge' ? (options.concurrency ?? Infinity) : 1,
    buffer: policy === 'exhaust' ? 0 : (options.buffer ?? DEFAULT_BUFFER),
    overflow,
    key: options.key,
    until: options.until,
    durable: options.durable,
    maxCrashes: options.maxCrashes ?? DEFAULT_CRASHES,
    schema: options.schema,
  };
}
