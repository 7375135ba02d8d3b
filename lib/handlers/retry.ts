import { AgentError } from '../AgentError';
import { type Duration, toMs } from '../time/duration';
import type { RandomSource } from '../time/random';

export interface RetryOptions {
  /** How many times a failed run is tried again; 0 or more, or Infinity. */
  readonly count: number;
  /** The wait before the first retry. Default `'1s'`. */
  readonly backoff?: Duration;
  /** By how much each wait is longer than the one before. Default 2. */
  readonly factor?: number;
  /** The longest wait. Default none. */
  readonly maxBackoff?: Duration;
  /** The share of each wait that is spread at random, from 0 to 1: 0.1 gives 90 % to 110 % of it. Default 0. */
  readonly jitter?: number;
}

/** How failed attempts are repeated. */
export interface Retry {
  readonly count: number;
  /** The wait after an attempt (the first is 1), in ms. */
  wait(attempt: number, random: RandomSource): number;
}

const NEVER: Retry = { count: 0, wait: () => 0 };

/** @throws AgentError `bad-option` or `bad-duration` */
export function toRetry(options: RetryOptions | undefined): Retry {
  if (options === undefined) return NEVER;
  const { count, backoff = '1s', factor = 2, maxBackoff, jitter = 0 } = options;
  check(
    'count',
    count,
    count >= 0 && (Number.isInteger(count) || count === Infinity),
    'a whole number from 0 on',
  );
  check('factor', factor, factor >= 1 && factor < Infinity, 'a number from 1 on');
  check('jitter', jitter, jitter >= 0 && jitter <= 1, 'a number from 0 to 1');
  const first = toMs(backoff);
  // The factor's power may be infinite, and times nothing that would be no number.
  const wanted = (attempt: number): number => (first === 0 ? 0 : first * factor ** (attempt - 1));
  const longest = maxBackoff === undefined ? Infinity : toMs(maxBackoff);
  return {
    count,
    wait: (attempt, random) => {
      const wait = Math.min(wanted(attempt), longest, Number.MAX_SAFE_INTEGER);
      return jitter === 0 ? wait : wait * (1 + jitter * (2 * random() - 1));
    },
  };
}

function check(option: string, given: number, isGood: boolean, wanted: string): void {
  if (isGood) return;
  throw new AgentError('bad-option', `retry.${option}: ${given} has to be ${wanted}.`);
}
