// Two handlers of `start$`: one asks for the limit of the grid, the other for what the car wants, and counts on the
// limit being there by then. It is there when the answers come in the order of the questions.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const gridLimit = procedure('grid/limit', { input: z.string(), output: z.number() });
const wantedPower = procedure('car/wanted', { input: z.string(), output: z.number() });

const site = defineAgent({
  name: 'site',
  streams: ({ bus }) => ({
    limits$: bus.serve(gridLimit, async () => 11),
    wanted$: bus.serve(wantedPower, async () => 22),
  }),
});

const hopeful = defineAgent({
  name: 'charger',
  needs: ['site'],
  streams: ({ lifecycle: { start$ }, handle }) => {
    let limit = Infinity;
    return {
      limit$: start$.pipe(
        handle.switch(async (_start, { call }) => {
          limit = await call(gridLimit, 'garage');
        }),
      ),
      power$: start$.pipe(
        handle.switch(async (_start, { call }) => {
          const wanted = await call(wantedPower, 'garage');
          return Math.min(wanted, limit);
        }),
      ),
    };
  },
});

const careful = defineAgent({
  name: 'charger',
  needs: ['site'],
  streams: ({ lifecycle: { start$ }, handle }) => ({
    power$: start$.pipe(
      handle.switch(async (_start, { call }) =>
        Math.min(...(await Promise.all([call(gridLimit, 'garage'), call(wantedPower, 'garage')]))),
      ),
    ),
  }),
});

const breaks = 'the limit of the grid is kept';

const story =
  (charger: typeof careful): ExploreBody =>
  async ({ host, start, always, eventually }) => {
    const powers: number[] = [];
    always(() => powers.every((kW) => kW <= 11), breaks);
    eventually(() => powers.length === 1, 'the car is charged');
    await host.start(site);
    start(charger).streams.power$.subscribe((kW) => powers.push(kW));
  };

export const startOrder: SeededBug = {
  name: 'order of start$ handlers assumed',
  breaks,
  wrong: story(hopeful),
  right: story(careful),
  options: { latency: '0..50ms' },
};
