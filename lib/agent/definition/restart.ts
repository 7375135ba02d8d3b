import { type Backoff, type BackoffOptions, checkOption, toBackoff } from '../../time/backoff';
import { type Duration, toPositiveMs } from '../../time/duration';

/** How a failed agent is started again, and when no more. */
export interface RestartOptions {
  /** How many restarts there are at most `within` a span; one failure more, and it has failed for good. Default 5. */
  readonly max?: number;
  /** That span. A life that has lasted longer than this makes the backoff begin anew. Default `'1m'`. */
  readonly within?: Duration;
  /** The wait before a restart. Default `{ from: '500ms', to: '30s', factor: 2, jitter: 0.2 }`. */
  readonly backoff?: Partial<BackoffOptions>;
}

/** The same, read and checked. */
export interface Restart {
  readonly max: number;
  readonly within: number;
  readonly wait: Backoff;
}

/** @throws AgentError `bad-option` or `bad-duration` */
export function toRestart({ max = 5, within = '1m', backoff }: RestartOptions): Restart {
  const isMax = max >= 0 && (Number.isInteger(max) || max === Infinity);
  checkOption('restart.max', max, isMax, 'a whole number from 0 on, or Infinity');
  const { from = '500ms', to = '30s', factor = 2, jitter = 0.2 } = backoff ?? {};
  return {
    max,
    within: toPositiveMs(within, 'restart.within'),
    wait: toBackoff('restart.backoff', { from, to, factor, jitter }),
  };
}
