import { AgentError } from '../../AgentError';
import type { MarbleReport } from '../report/report';
import type { ExploreReport } from './ExploreReport';

/** A search that has found a run which fails. Its message tells the shortest story of that. */
export class ExplorationError extends AgentError {
  override readonly name = 'ExplorationError';
  /** What was searched. Runners and consoles, which print what an error has, pass it over. */
  declare readonly report: ExploreReport;
  /** All that happened in the run that fails, if there is one. */
  declare readonly run: MarbleReport | undefined;

  constructor(
    code: 'exploration-failed' | 'exploration-not-repeatable',
    message: string,
    report: ExploreReport,
    run: MarbleReport | undefined,
    cause: unknown,
  ) {
    super(code, message, { cause });
    Object.defineProperty(this, 'report', { value: report, enumerable: false });
    Object.defineProperty(this, 'run', { value: run, enumerable: false });
  }
}
