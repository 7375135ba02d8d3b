// A traveller asks one airline for a seat, and when the answer is late, another one. But the first one has kept the seat:
// its answer comes to nobody, and the traveller has two.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const AIRLINES = ['north', 'south'];
const reserve = AIRLINES.map((name) =>
  procedure(`${name}/reserve`, { input: z.string(), output: z.boolean() }),
);
const release = AIRLINES.map((name) =>
  procedure(`${name}/release`, { input: z.string(), output: z.boolean() }),
);

const airline = (index: number, seats: Set<string>) =>
  defineAgent({
    name: 'airline',
    streams: ({ bus }) => ({
      reserved$: bus.serve(reserve[index]!, async (who) => {
        seats.add(`${AIRLINES[index]} ${who}`);
        return true;
      }),
      released$: bus.serve(release[index]!, async (who) => seats.delete(`${AIRLINES[index]} ${who}`)),
    }),
  });

/** @param givesBack whether what may have been done for a call that was given up is undone */
const travellerThat = (givesBack: boolean) =>
  defineAgent({
    name: 'traveller',
    streams: ({ lifecycle, time, handle }) => ({
      seat$: lifecycle.start$.pipe(
        time.after('1s'),
        handle.switch(async (_event, { call }) => {
          for (const [index, name] of AIRLINES.entries()) {
            try {
              await call(reserve[index]!, 'Ada', { timeout: index === 0 ? '1s' : '1m' });
              return name;
            } catch {
              if (givesBack) await call(release[index]!, 'Ada', { timeout: '1m' });
            }
          }
          return 'none';
        }),
      ),
    }),
  });

const breaks = 'the traveller has one seat in the end';

const story =
  (givesBack: boolean): ExploreBody =>
  async ({ host, start, clock, eventually }) => {
    const seats = new Set<string>();
    eventually(() => seats.size === 1, breaks);
    for (const index of AIRLINES.keys()) await host(`b${index}`).start(airline(index, seats));
    start(travellerThat(givesBack));
    await clock.sleep('20s');
  };

export const keptSeat: SeededBug = {
  name: 'a reply to a call that was given up',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { network: { latency: '0..2s' } },
};
