/** One place at which a run went otherwise than the plain one. */
export interface Deviation {
  /** The number of the choice in its run, from 0. */
  readonly index: number;
  /** What was chosen; never 0. */
  readonly answer: number;
}

/**
 * A run, as what it chose: its deviations in their order. All other choices are 0, so the empty tape is the plain run,
 * and a shorter tape with smaller numbers is a simpler story.
 */
export type Tape = readonly Deviation[];

export const PLAIN: Tape = [];
