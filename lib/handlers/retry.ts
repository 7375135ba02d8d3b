import { type Backoff, checkOption, toBackoff } from '../time/backoff';
import type { Duration } from '../time/duration';

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
  readonly wait: Backoff;
}

const NEVER: Retry = { count: 0, wait: () => 0 };

/** @throws AgentError `bad-option` or `bad-duration` */
export function toRetry(options: RetryOptions | undefined): Retry {
  if (options === undefined) return NEVER;
  const { count, backoff = '1s', factor, maxBackoff, jitter } = options;
  const isCount = count >= 0 && (Number.isInteger(count) || count === Infinity);
  checkOption('retry.count', count, isCount, 'a whole number from 0 on');
  return { count, wait: toBackoff('retry', { from: backoff, to: maxBackoff, factor, jitter }) };
}
