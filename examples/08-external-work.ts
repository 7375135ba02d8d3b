// Work that is not of the kit: `external` says so, the signal ends it early, and a timeout bounds it.
import { readFile } from 'node:fs/promises';
import { take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { runLive } from './support/runLive';

const file = `${process.cwd()}/package.json`;

export const loader = defineAgent({
  name: 'loader',
  streams: ({ lifecycle, time, handle }) => ({
    names$: lifecycle.start$.pipe(
      time.every('1s'),
      take(2),
      handle.concat(async (_tick, { external, signal }) => {
        const text = await external(readFile(file, { encoding: 'utf8', signal }), 'package.json');
        return (JSON.parse(text) as { name: string }).name;
      }),
    ),
    answers$: lifecycle.start$.pipe(
      handle.switch(
        async function ask(_start, { signal }) {
          return new Promise<string>((_resolve, reject) => {
            // Nobody answers, and the signal is what ends the wait.
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          });
        },
        { timeout: '2500ms' },
      ),
    ),
  }),
});

runLive(import.meta.url, loader);
