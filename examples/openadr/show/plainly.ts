import { type AgentError, HandlerError } from 'rx-agent-kit';

/** What has gone wrong, in the words of whatever was thrown: where it was is said beside it. */
export function plainly({ message, cause }: AgentError): string {
  return cause instanceof Error ? cause.message : message;
}

/** What has failed: a handler by its name, or else a stream. */
export function placeOf(error: AgentError): string {
  return error instanceof HandlerError ? error.handler : (error.stream ?? error.code);
}
