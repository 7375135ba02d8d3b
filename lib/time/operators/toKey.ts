import { AgentError } from '../../AgentError';
import { read } from '../../readError';

/**
 * Takes what a function `key` has given.
 *
 * @throws AgentError `bad-option` for a promise, which would be another key each time
 */
export function toKey(given: unknown): unknown {
  if (typeof given === 'object' && given !== null && typeof read(given, 'then') === 'function')
    throw new AgentError('bad-option', 'key has to give the key at once, and gave a promise.');
  return given;
}
