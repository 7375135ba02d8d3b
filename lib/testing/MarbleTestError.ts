import { AgentError, type AgentErrorCode } from '../AgentError';
import type { MarbleReport } from './report';

/** A marble test that has failed. Its message tells the story; its report has the facts. */
export class MarbleTestError extends AgentError {
  override readonly name = 'MarbleTestError';

  constructor(
    code: Extract<AgentErrorCode, `marble-${string}`>,
    message: string,
    readonly report: MarbleReport,
    cause?: unknown,
  ) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}
