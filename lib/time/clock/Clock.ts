import { aPort } from '../../options/checks';

/** What {@link Clock.wakeAt} gives and {@link Clock.cancel} takes; only its clock can read it. */
export type Wake = unknown;

/**
 * Where time comes from: the port that the live clock and the virtual clock implement.
 * All instants are in ms since the epoch, though only `wallNow` follows the calendar.
 */
export interface Clock {
  /** The instant by which spans are measured. It never goes back, whatever is done to the wall clock. */
  now(): number;

  /** The instant by the calendar. It may be set forward or back while the clock runs. */
  wallNow(): number;

  /**
   * Calls `wake` once, in a turn of its own, at `at` (by `now`) or as soon as it can after it.
   * It may call earlier, too (a host's timers have a longest span): whoever is woken looks at `now` again.
   */
  wakeAt(at: number, wake: () => void): Wake;

  /** Takes back a wake-up. One that has come already is left alone. */
  cancel(wake: Wake): void;
}

/** Of an option: a {@link Clock}. */
export const aClock = aPort(['now', 'wallNow', 'wakeAt', 'cancel'], 'a clock, such as liveClock()');
