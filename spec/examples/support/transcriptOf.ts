import { runMarbles, type MarbleOptions } from 'rx-agent-kit/testing';
import { type Example, play } from '../../../examples/support/play';
import { transcript } from '../../../examples/support/transcript';

/** Plays an example in virtual time and gives what it would print. */
export async function transcriptOf(example: Example, options: MarbleOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  await runMarbles(
    async ({ host }) => {
      transcript(host.trace$).subscribe((line) => lines.push(line));
      await play(example, host);
    },
    { ...options, assertsElsewhere: true },
  );
  return lines;
}
