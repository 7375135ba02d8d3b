// Each trigger switches away from a run that holds something open: the signal tells it, `finally` closes it.
import { Subject, take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { runLive } from './support/runLive';

export const reader = defineAgent({
  name: 'reader',
  streams: ({ lifecycle, time, handle }) => {
    const door$ = new Subject<string>();
    return {
      door$,
      lines$: lifecycle.start$.pipe(
        time.every('2s', { immediate: true }),
        take(2),
        handle.switch(async function* ({ index }, { signal, sleep }) {
          door$.next(`open ${index}`);
          signal.addEventListener('abort', () => door$.next(`hang up ${index}`));
          try {
            for (const line of ['one', 'two', 'three']) {
              await sleep('750ms');
              yield `${line} of ${index}`;
            }
          } finally {
            door$.next(`close ${index}`);
          }
        }),
      ),
    };
  },
});

runLive(import.meta.url, reader);
