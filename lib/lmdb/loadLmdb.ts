import type * as Lmdb from 'lmdb';
import { AgentError } from '../AgentError';

/**
 * Loads the optional package.
 *
 * @throws AgentError `missing-package`
 */
export async function loadLmdb(): Promise<typeof Lmdb> {
  try {
    return await import('lmdb');
  } catch (cause) {
    const message = "lmdbStore needs the package 'lmdb': npm install lmdb@3";
    throw new AgentError('missing-package', message, { cause });
  }
}
