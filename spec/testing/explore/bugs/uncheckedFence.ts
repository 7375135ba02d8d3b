// A host writes what it has decided while it had the lease, each time under the number of that lease, and the vault takes
// whatever comes: a write that is late comes when another host has the lease already, and puts its word in its place.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const LEASE = 3000;
const lease = procedure('lease/take', { input: z.string(), output: z.number() });
const put = procedure('vault/put', {
  input: z.object({ fence: z.number(), by: z.string() }),
  output: z.boolean(),
});

interface Vault {
  fence: number;
  readonly writes: number[];
}

/** Gives the lease to one after the other, each with the next number, and keeps what they write. */
const vaultThat = (isChecked: boolean, kept: Vault) =>
  defineAgent({
    name: 'vault',
    streams: ({ bus }) => {
      let [holder, until] = ['', 0];
      return {
        leases$: bus.serve(lease, async (who, { now }) => {
          if (holder !== who && now() < until) return 0;
          if (holder !== who) kept.fence++;
          [holder, until] = [who, now() + LEASE];
          return kept.fence;
        }),
        puts$: bus.serve(put, async ({ fence }) => {
          if (isChecked && fence < kept.fence) return false;
          kept.writes.push(fence);
          return true;
        }),
      };
    },
  });

const writerOn = (host: string) =>
  defineAgent({
    name: 'writer',
    streams: ({ lifecycle, time, handle }) => ({
      written$: lifecycle.start$.pipe(
        time.after(host === 'b' ? '1s' : '5s'),
        handle.switch(async (_event, { call }) => {
          const fence = await call(lease, host, { timeout: '1m' });
          return fence > 0 && (await call(put, { fence, by: host }, { timeout: '1m' }));
        }),
      ),
    }),
  });

const breaks = 'nothing is written under a lease that is over';

const story =
  (isChecked: boolean): ExploreBody =>
  async ({ host, start, clock, always }) => {
    const kept: Vault = { fence: 0, writes: [] };
    always(() => kept.writes.every((fence, n) => n === 0 || fence >= kept.writes[n - 1]!), breaks);
    start(vaultThat(isChecked, kept));
    for (const name of ['b', 'c']) await host(name).start(writerOn(name));
    await clock.sleep('20s');
  };

export const uncheckedFence: SeededBug = {
  name: 'a fencing number that is not checked',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { network: { latency: '0..6s' } },
};
