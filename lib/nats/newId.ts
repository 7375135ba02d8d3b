import { randomBytes } from 'node:crypto';

/** An id that no other has: letters and digits, as subjects and names of services have them. */
export function newId(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}
