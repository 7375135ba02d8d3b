import { oneOf } from '../../options/checks';

/** What a timer emits. */
export interface Tick {
  /** The instant that the tick stands for: its place on the grid or in the calendar, in ms. */
  readonly at: number;
  /** Which tick it is since the trigger; the first is 1. */
  readonly index: number;
  /**
   * How many ticks before it came due while the machine stalled or slept, and are left out: those that it stands for,
   * and those that `missed: 'skip'` has left out since the tick before.
   */
  readonly missed: number;
  /** By how many ms it is late, if it is durable and came due while nothing ran. */
  readonly late?: number;
}

/**
 * What becomes of the ticks that came due while nothing could run: one tick that tells how many it stands for
 * (`'one'`), every one of them at once (`'burst'`), or none (`'skip'`; the next one tells how many there were).
 */
export type MissedPolicy = 'one' | 'burst' | 'skip';

/** Of an option: a {@link MissedPolicy}. */
export const aMissedPolicy = oneOf(['one', 'burst', 'skip'] satisfies readonly MissedPolicy[]);
