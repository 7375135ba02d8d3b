import { codeOf, errorNameOf, messageOf } from '../readError';
import type { Json } from './Json';

/** What is kept of an error: of why something is dead. */
export function toldOf(error: unknown): Json {
  const code = codeOf(error);
  return { name: errorNameOf(error), message: messageOf(error), ...(code !== undefined && { code }) };
}
