import { AgentError } from '../AgentError';
import { codeOf, isA, messageOf } from '../readError';

/** What is wrong, as the last line says it. */
export function failureLine(error: unknown): string {
  return isA(error, AgentError) ? `${messageOf(error)} [${String(codeOf(error))}]` : messageOf(error);
}
