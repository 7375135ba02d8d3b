import type { ExploreReport } from '../ExploreReport';
import type { Tape } from '../tape/Tape';

/** Who looks after a search from outside, as the command does. */
export interface SearchKeeper {
  /** Tapes that have failed before: they are tried first. */
  known(): readonly Tape[];
  /** A tape that fails. */
  keep(tape: Tape): void;
  /** A tape that failed before, and does no more. */
  forget(tape: Tape): void;
  /** Is told now and then how far a search has come. */
  progress(report: ExploreReport, most: number): void;
  /** It is over. @param hasFound whether a run fails */
  ended(report: ExploreReport, most: number, hasFound: boolean): void;
}
