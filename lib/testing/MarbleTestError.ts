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

/** Adds the seed to the message of somebody else's error, if the test has drawn what is random. */
export function withSeed(error: unknown, { seed, hasDrawn }: { seed: number; hasDrawn: boolean }): unknown {
  if (!hasDrawn || !(error instanceof Error) || error.message.includes(`seed ${seed}`)) return error;
  const before = error.message;
  const after = `${before} (seed ${seed})`;
  try {
    // The stack has its own copy of the message.
    const stack = error.stack?.replace(before, () => after);
    error.message = after;
    if (stack !== undefined) error.stack = stack;
  } catch {
    // An error that cannot be changed is passed on as it is.
  }
  return error;
}
