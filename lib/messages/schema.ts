import type { output, ZodType } from 'zod';
import { AgentError, messageOf } from '../AgentError';

/**
 * Reads a payload by its schema.
 *
 * @param where what the payload is for, as errors name it
 * @throws AgentError `bad-message`, with the path and the message of each issue
 */
export function readPayload<Schema extends ZodType>(
  where: string,
  schema: Schema,
  payload: unknown,
): output<Schema> {
  let result;
  try {
    result = schema.safeParse(payload);
  } catch (cause) {
    throw new AgentError('bad-message', `${where}: the payload cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `  ${pathOf(path)}: ${message}`);
  throw new AgentError(
    'bad-message',
    [`${where}: the payload does not fit its schema:`, ...issues].join('\n'),
    {
      cause: result.error,
    },
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the payload itself)' : path.map(String).join('.');
}

export function isSchema(given: unknown): given is ZodType {
  return typeof (given as Partial<ZodType> | undefined)?.safeParse === 'function';
}
