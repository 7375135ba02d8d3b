import { nested, optionTable } from '../../options/checkOptions';
import { aLimit } from '../../options/checks';
import { aBackoff, type Backoff, backoffOf, type BackoffOptions, toBackoff } from '../../time/spans/backoff';
import { aSpan, type Duration, toMs } from '../../time/spans/duration';

/** How a failed agent is started again, and when no more. */
export interface RestartOptions {
  /** How many restarts there are at most `within` a span; one failure more, and it has failed for good. Default 5. */
  readonly max?: number;
  /** That span. A life that has lasted longer than this makes the backoff begin anew. Default `'1m'`. */
  readonly within?: Duration;
  /** The wait before a restart: the first, or how all are. Default `{ from: '500ms', to: '30s', factor: 2, jitter: 0.2 }`; a longer `from` is kept. */
  readonly backoff?: Duration | Partial<BackoffOptions>;
}

const LONGEST = 30_000;

/** The same, read and checked. */
export interface Restart {
  readonly max: number;
  readonly within: number;
  readonly wait: Backoff;
}

/** Of an option: {@link RestartOptions}. */
export const aRestart = nested(
  optionTable<RestartOptions>(
    { max: aLimit(0), within: aSpan, backoff: aBackoff },
    { count: 'max', most: 'max', times: 'max', retries: 'max', window: 'within', delay: 'backoff' },
  ),
);

/** Reads options that have been checked. */
export function toRestart({ max = 5, within = '1m', backoff }: RestartOptions): Restart {
  const { from = '500ms', factor = 2, jitter = 0.2, ...growth } = backoffOf(backoff);
  const { to = Math.max(toMs(from), LONGEST) } = growth;
  return {
    max,
    within: toMs(within),
    wait: toBackoff({ from, to, factor, jitter }),
  };
}
