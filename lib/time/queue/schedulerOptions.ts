import { optionTable } from '../../options/checkOptions';
import { aFunction } from '../../options/checks';
import { aDuration, type Duration } from '../spans/duration';

export interface SchedulerOptions {
  /**
   * Rounds every wake-up up to a multiple of this span, so that timers which are due about the same time
   * share one. Work is late by as much at most, never early. Default 0.
   */
  readonly slack?: Duration;
  /** Is told what scheduled work has thrown. By default it is thrown anew, in a turn of its own. */
  readonly onError?: (error: unknown) => void;
}

export const SCHEDULER = optionTable<SchedulerOptions>({ slack: aDuration, onError: aFunction });
