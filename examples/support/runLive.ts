import { pathToFileURL } from 'node:url';
import { live, type LiveOptions } from './live';
import type { Example } from './play';
import { transcript } from './transcript';

/**
 * Plays an example live and prints its transcript, if its file is the one that was run: `npx tsx examples/….ts`.
 * It ends when nothing is left to do, or at Ctrl-C.
 */
export function runLive(file: string, example: Example, options: Omit<LiveOptions, 'lines'> = {}): void {
  if (process.argv[1] === undefined || pathToFileURL(process.argv[1]).href !== file) return;
  live(example, { ...options, lines: transcript }).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
