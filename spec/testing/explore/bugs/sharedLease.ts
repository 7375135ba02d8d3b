// Two hosts look whether a lease is free, and write their names where it was: when the first one's name is late on its
// way, the second one does not see it, and both have the lease.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const mark = z.object({ holder: z.string(), number: z.number() });
const look = procedure('lease/look', { input: z.void(), output: mark });
const take = procedure('lease/take', { input: mark, output: z.boolean() });

/** @param isChecked whether a name is written only behind the one that its writer has seen */
const registryThat = (isChecked: boolean) =>
  defineAgent({
    name: 'registry',
    streams: ({ bus }) => {
      let present = { holder: '', number: 0 };
      return {
        looks$: bus.serve(look, async () => present),
        takes$: bus.serve(take, async ({ holder, number }) => {
          if (isChecked && number !== present.number) return false;
          present = { holder, number: number + 1 };
          return true;
        }),
      };
    },
  });

const candidateOn = (host: string, holders: Set<string>) =>
  defineAgent({
    name: 'candidate',
    streams: ({ lifecycle, time, handle }) => ({
      has$: lifecycle.start$.pipe(
        time.after(host === 'b' ? '1s' : '2s'),
        handle.switch(async (_event, { call }) => {
          const { holder, number } = await call(look, undefined, { timeout: '1m' });
          if (holder !== '') return false;
          const hasIt = await call(take, { holder: host, number }, { timeout: '1m' });
          if (hasIt) holders.add(host);
          return hasIt;
        }),
      ),
    }),
  });

const breaks = 'one host has the lease';

const story =
  (isChecked: boolean): ExploreBody =>
  async ({ host, start, clock, always, eventually }) => {
    const holders = new Set<string>();
    always(() => holders.size <= 1, breaks);
    eventually(() => holders.size === 1, 'somebody has it');
    start(registryThat(isChecked));
    for (const name of ['b', 'c']) await host(name).start(candidateOn(name, holders));
    await clock.sleep('20s');
  };

export const sharedLease: SeededBug = {
  name: 'a lease that two hold',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { network: { latency: '0..3s' } },
};
