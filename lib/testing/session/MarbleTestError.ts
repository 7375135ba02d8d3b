import { AgentError, type AgentErrorCode } from '../../AgentError';
import type { MarbleReport } from '../report/report';

/** A marble test that has failed. Its message tells the story; its report has the facts. */
export class MarbleTestError extends AgentError {
  override readonly name = 'MarbleTestError';
  /** All that happened. It is there for who asks: runners and consoles, which print what an error has, pass it over. */
  declare readonly report: MarbleReport;

  constructor(
    code: Extract<AgentErrorCode, `marble-${string}`>,
    message: string,
    report: MarbleReport,
    cause?: unknown,
  ) {
    super(code, message, cause === undefined ? {} : { cause });
    Object.defineProperty(this, 'report', { value: report, enumerable: false });
  }
}
