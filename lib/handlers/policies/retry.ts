import { AgentError } from '../../AgentError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFunction, aLimit } from '../../options/checks';
import { read } from '../../readError';
import {
  aBackoff,
  aFactor,
  aJitter,
  backoffOf,
  type BackoffOptions,
  toBackoff,
} from '../../time/spans/backoff';
import { aDuration, type Duration } from '../../time/spans/duration';
import type { RandomSource } from '../../time/spans/random';

export interface RetryOptions {
  /** How many times a failed run is tried again; 0 or more, or Infinity. */
  readonly count: number;
  /** The wait before the first retry, or how all are, as with `restart`: `{ from, to, factor, jitter }`. Default `'1s'`. */
  readonly backoff?: Duration | Partial<BackoffOptions>;
  /** By how much each wait is longer than the one before, if `backoff` does not say it. Default 2. */
  readonly factor?: number;
  /** The longest wait, if `backoff` does not say it. Default none. */
  readonly maxBackoff?: Duration;
  /** The share of each wait that is spread at random, from 0 to 1: 0.1 gives 90 % to 110 % of it. Default 0, or what `backoff` says. */
  readonly jitter?: number;
  /**
   * Whether an attempt (the first is 1) that has failed with an error is repeated. Default each is. What it throws
   * is what the run has failed with, for good.
   */
  readonly when?: (error: unknown, attempt: number) => boolean;
  /**
   * After how many failed attempts the agent's health is bad, though there are retries left; it is good again with
   * the first success. 1 or more, or Infinity. Default 3.
   */
  readonly unhealthyAfter?: number;
}

/** How failed attempts are repeated. */
export interface Retry {
  readonly unhealthyAfter: number;
  /**
   * The wait after a failed attempt (the first is 1), in ms; undefined if it is not repeated.
   * Throws what a function of the user's throws.
   */
  pauseAfter(attempt: number, error: unknown, random: RandomSource): number | undefined;
}

export const RETRY = optionTable<RetryOptions>(
  {
    count: aLimit(0),
    backoff: aBackoff,
    factor: aFactor,
    maxBackoff: aDuration,
    jitter: aJitter,
    when: aFunction,
    unhealthyAfter: aLimit(1),
  },
  { times: 'count', max: 'count', attempts: 'count', from: 'backoff', delay: 'backoff', to: 'maxBackoff' },
  ['count'],
);

const NEVER: Retry = { unhealthyAfter: Infinity, pauseAfter: () => undefined };

/** Reads options that have been checked. */
export function toRetry(options: RetryOptions | undefined): Retry {
  if (options === undefined) return NEVER;
  const { count, backoff, factor, maxBackoff, jitter, when, unhealthyAfter = 3 } = options;
  const wait = toBackoff({ from: '1s', to: maxBackoff, factor, jitter, ...backoffOf(backoff) });
  return {
    unhealthyAfter,
    pauseAfter: (attempt, error, random) => {
      const isOver = attempt > count || (when !== undefined && !isWanted(when(error, attempt)));
      return isOver ? undefined : wait(attempt, random);
    },
  };
}

/**
 * How a part of a run is repeated.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function toPartRetry(part: unknown, options: RetryOptions | undefined): Retry {
  aFunction(part, 'run.retry', 'the part of the run');
  checkOptions('run.retry', RETRY, options ?? {});
  return toRetry(options);
}

/** An async predicate would always say yes. */
function isWanted(answer: unknown): boolean {
  if (read(answer, 'then') !== undefined)
    throw new AgentError('bad-option', 'retry.when has to say true or false at once, and gave a promise.');
  return Boolean(answer);
}
