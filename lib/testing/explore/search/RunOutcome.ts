import type { MarbleReport } from '../../report/report';
import type { Tape } from '../tape/Tape';

/** What one run has come to. */
export interface RunOutcome {
  readonly tape: Tape;
  /** How many choices there were. */
  readonly choices: number;
  readonly report: MarbleReport;
  /** What is wrong with it, if anything. */
  readonly failure: { readonly error: unknown } | undefined;
}
