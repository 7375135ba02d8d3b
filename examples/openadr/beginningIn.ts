import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * When the story in a folder has begun, in ms since the epoch: now, if there is none in it. Time that passes faster than
 * life has to pass so in the next process, too, or it would go back.
 */
export function beginningIn(folder: string): number {
  const file = join(folder, 'beginning');
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    const now = Date.now();
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, String(now));
    return now;
  }
}
