import { type Check, nested, optionTable } from '../../options/checkOptions';
import { aNumber } from '../../options/checks';
import { aDuration, type Duration, toMs } from './duration';
import type { RandomSource } from './random';

/** Waits that grow from one attempt to the next. */
export interface BackoffOptions {
  /** The first wait. */
  readonly from: Duration;
  /** The longest wait. Default none. */
  readonly to?: Duration | undefined;
  /** By how much each wait is longer than the one before. Default 2. */
  readonly factor?: number | undefined;
  /** The share of each wait that is spread at random, from 0 to 1: 0.1 gives 90 % to 110 % of it. Default 0. */
  readonly jitter?: number | undefined;
}

/** Gives the wait behind an attempt (the first is 1), in ms. */
export type Backoff = (attempt: number, random: RandomSource) => number;

export const aFactor = aNumber((factor) => factor >= 1 && factor < Infinity, 'a number from 1 on');
export const aJitter = aNumber((jitter) => jitter >= 0 && jitter <= 1, 'a number from 0 to 1');
export const BACKOFF = optionTable<BackoffOptions>({
  from: aDuration,
  to: aDuration,
  factor: aFactor,
  jitter: aJitter,
});

const aGrowth = nested(BACKOFF);

/** Of an option: the first wait alone, or {@link BackoffOptions}. */
export const aBackoff: Check = (given, owner, option) => {
  (typeof given === 'object' ? aGrowth : aDuration)(given, owner, option);
};

/** What such an option says. */
export function backoffOf(given: Duration | Partial<BackoffOptions> | undefined): Partial<BackoffOptions> {
  if (given === undefined) return {};
  return typeof given === 'object' ? given : { from: given };
}

/** The waits of options that have been checked. */
export function toBackoff({ from, to, factor = 2, jitter = 0 }: BackoffOptions): Backoff {
  const first = toMs(from);
  const longest = to === undefined ? Infinity : toMs(to);
  // The factor's power may be infinite, and times nothing that would be no number.
  const wanted = (attempt: number): number => (first === 0 ? 0 : first * factor ** (attempt - 1));
  return (attempt, random) => {
    const wait = Math.min(wanted(attempt), longest, Number.MAX_SAFE_INTEGER);
    return jitter === 0 ? wait : wait * (1 + jitter * (2 * random() - 1));
  };
}
