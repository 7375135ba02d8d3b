// A handler that reads a stream step by step: it waits for the next value that matters, then takes one after another.
import { filter, map, share, take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { runLive } from './support/runLive';

const LOADS = [0, 0, 18, 24, 25, 25];

export const scale = defineAgent({
  name: 'scale',
  streams: ({ lifecycle, time, handle }) => {
    const loads$ = lifecycle.start$.pipe(
      time.every('500ms'),
      take(LOADS.length),
      map(({ index }) => LOADS[index - 1] ?? 0),
      share(), // the agent reads it as its stream, and the handler reads the same
    );
    return {
      loads$,
      weight$: lifecycle.start$.pipe(
        handle.switch(async (_start, { next, each }) => {
          let last = await next(loads$.pipe(filter((load) => load > 0)), 'a load');
          for await (const load of each(loads$, 'loads$')) {
            if (load === last) return `${load} kg`;
            last = load;
          }
          throw new Error(`The scale was left swinging at ${last} kg.`);
        }),
      ),
    };
  },
});

runLive(import.meta.url, scale);
