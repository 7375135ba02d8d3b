import type { MarbleHelpers } from '../session/MarbleHelpers';

/** What the body of a search is given: the helpers of a marble test, and those for what has to hold in each run. */
export interface ExploreHelpers extends MarbleHelpers {
  /**
   * What has to hold at any time. It is looked at after every turn, when all promises have gone on; it breaks if it
   * gives false or throws, as an assertion of the runner does.
   */
  readonly always: (holds: () => unknown, what: string) => void;
  /** What has to hold in the end, when nothing is left to happen. */
  readonly eventually: (holds: () => unknown, what: string) => void;
  /**
   * A point at which something of the author's may fail: it throws a {@link Fault} in some runs, and never in the plain
   * one. How often in a run, the option `faults` says; by default once.
   */
  readonly fault: (what: string) => void;
  /** A choice of the author's own: a whole number from 0 up to but not including `n`; 0 in the plain run. */
  readonly choose: (n: number, what: string) => number;
}

/** The body of a search, which is called for each of its runs: what they are not to share is made within it. */
export type ExploreBody<R = unknown> = (helpers: ExploreHelpers) => R;
