// A tick a second, and a handler that takes 1.5 s: what becomes of a tick that comes while a run is in flight.
import { take } from 'rxjs';
import { defineAgent, type Run, type Tick } from 'rx-agent-kit';
import { runLive } from './support/runLive';

export const poller = defineAgent({
  name: 'poller',
  streams: ({ lifecycle, time, handle }) => {
    const ticks$ = lifecycle.start$.pipe(time.every('1s'), take(3));
    const poll = async ({ index }: Tick, { sleep }: Run): Promise<string> => {
      await sleep('1500ms');
      return `tick ${index}`;
    };
    return {
      switch$: ticks$.pipe(handle.switch(poll)), // the new tick aborts the run
      concat$: ticks$.pipe(handle.concat(poll)), // the new tick waits
      merge$: ticks$.pipe(handle.merge(poll)), // both run
      exhaust$: ticks$.pipe(handle.exhaust(poll)), // the new tick gets no run
    };
  },
});

runLive(import.meta.url, poller);
