// A handler that fails is tried again, each time after a longer wait; then its error is reported, and all goes on.
import { take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { runLive } from './support/runLive';

export const uploader = defineAgent({
  name: 'uploader',
  streams: ({ lifecycle, time, handle }) => ({
    uploads$: lifecycle.start$.pipe(
      time.every('5s', { immediate: true }),
      take(3),
      handle.concat(
        async function upload({ index }, { attempt, sleep }) {
          await sleep('100ms');
          // The first upload works at its third attempt, the second one never, the third one at once.
          const needed = [3, Infinity, 1][index] ?? 1;
          if (attempt < needed) throw new Error('the server is busy');
          return `upload ${index} is done`;
        },
        { retry: { count: 3, backoff: '500ms', factor: 2 } },
      ),
    ),
  }),
});

runLive(import.meta.url, uploader);
