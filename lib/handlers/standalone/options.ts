import type { SchedulerLike } from 'rxjs';
import { badOption, checkOptions, optionTable, type OptionTable } from '../../options/checkOptions';
import { aFunction, oneOf } from '../../options/checks';
import { aScheduler } from '../../time/queue/ForeignTimers';
import { aLog, type Log } from '../../trace/Log';
import type { Policy } from '../../trace/TraceEvent';
import {
  ALIASES,
  HANDLER,
  type HandlerOptions,
  MERGE,
  type MergeOptions,
  type Plan,
  QUEUE,
  type QueueOptions,
  readPlan,
  TRIGGER,
  type TriggerOptions,
} from '../policies/options';
import type { HandlerError } from '../run/HandlerError';
import { anOffloader, type Offloader } from '../waits/Offloader';

/** The options of a handler operator that is in no agent: those of an agent's, but for what they do to it. */
export interface StandaloneOptions extends Omit<HandlerOptions, 'onError' | 'onStop'> {
  /**
   * What a run does that has failed for good, its retries used up. `'error'`, the default: the result fails, as RxJS
   * has it, with what the handler has thrown, or a HandlerError for a `timeout` or `overflow`, and all runs are
   * aborted. `'continue'`: the next trigger is taken, and `onFailure` is told.
   */
  readonly onError?: 'error' | 'continue';
  /** With `onError: 'continue'`, is told what runs have failed with. Default: that is written to the log. */
  readonly onFailure?: (error: HandlerError) => void;
  /** Where it waits and times out. Default RxJS's `asyncScheduler`: live, and in a marble test the test's time. */
  readonly scheduler?: SchedulerLike;
  /** Where `run.log` writes. Default the console; in a marble test nowhere. */
  readonly log?: Log;
  /** Where `run.offload` has work done: `workerPool()`, say. Default nowhere, in a marble test the test's. */
  readonly offload?: Offloader;
}

/** All options that any of the policies has. */
export type AnyStandaloneOptions<T> = StandaloneOptions & TriggerOptions<T> & QueueOptions & MergeOptions;

/** What an operator does with what its runs fail with, and what it works with. */
export interface Terms extends Pick<
  StandaloneOptions,
  'onError' | 'onFailure' | 'scheduler' | 'log' | 'offload'
> {
  readonly onError: 'error' | 'continue';
}

const anOnError = oneOf(['error', 'continue'] satisfies readonly StandaloneOptions['onError'][]);

const { onStop: _, ...OF_AGENTS } = HANDLER;
const OWN = {
  ...OF_AGENTS,
  ...TRIGGER,
  onError: (given: unknown, owner: string, option: string): void => {
    if (given === 'restart' || given === 'stop')
      throw badOption(
        owner,
        option,
        given,
        "is for an agent's handlers. Here there are 'error' and 'continue'",
      );
    anOnError(given, owner, option);
  },
  onFailure: aFunction,
  scheduler: aScheduler,
  log: aLog,
  offload: anOffloader,
};
const single = optionTable<StandaloneOptions & TriggerOptions<unknown>>(OWN, ALIASES);
const concat = optionTable<StandaloneOptions & TriggerOptions<unknown> & QueueOptions>(
  { ...OWN, ...QUEUE },
  ALIASES,
);
const merge = optionTable<AnyStandaloneOptions<unknown>>({ ...OWN, ...QUEUE, ...MERGE }, ALIASES);
const TABLES: Readonly<Record<Policy, OptionTable>> = { switch: single, concat, merge, exhaust: single };

/** @throws AgentError `bad-option` or `bad-duration`, naming what was given */
export function toTerms<T>(
  policy: Policy,
  options: AnyStandaloneOptions<T> = {},
): { readonly plan: Plan<T>; readonly terms: Terms } {
  const owner = `handle.${policy}`;
  checkOptions(owner, TABLES[policy], options);
  const { onError = 'error', onFailure } = options;
  if (onFailure !== undefined && onError === 'error')
    throw badOption(owner, 'onFailure', onFailure, "is told of failures with onError: 'continue' only");
  // To the runner it is all the same: the scope has the last word.
  return { plan: readPlan(policy, { ...options, onError: 'continue' }), terms: { ...options, onError } };
}
