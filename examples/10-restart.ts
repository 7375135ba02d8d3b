// A bug kills an agent, and it comes back, each time after a longer wait, until it has failed too often. The others
// go on meanwhile; one that needs it has started after it.
import { map } from 'rxjs';
import { defineAgent, type Host } from 'rx-agent-kit';
import { runLive } from './support/runLive';

const meter = defineAgent({
  name: 'meter',
  restart: { max: 2, within: '1m', backoff: { from: '1s', factor: 2, jitter: 0 } },
  streams: ({ lifecycle, time }) => ({
    readings$: lifecycle.start$.pipe(
      time.every('1s'),
      map(({ index }) => {
        if (index === 3) throw new Error('the third reading is too much');
        return `reading ${index}`;
      }),
    ),
  }),
});

const display = defineAgent({
  name: 'display',
  needs: ['meter'],
  streams: ({ lifecycle, time }) => ({
    seconds$: lifecycle.start$.pipe(
      time.every('4s'),
      map(({ index }) => `${4 * index} s, and I am still here`),
    ),
  }),
});

export const story = (host: Host) => host.startAll([display, meter]);

runLive(import.meta.url, story);
