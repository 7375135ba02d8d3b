// Of two controllers the one that holds a lease is in command, and it reckons the lease from when the answer comes
// instead of from when it has asked: with a late answer, it thinks that it commands when the other one does already.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const LEASE = 3000;
const lease = procedure('lease/take', { input: z.string(), output: z.boolean() });

const registry = defineAgent({
  name: 'registry',
  streams: ({ bus }) => {
    let [holder, until] = ['', 0];
    return {
      leases$: bus.serve(lease, async (who, { now }) => {
        if (holder !== who && now() < until) return false;
        [holder, until] = [who, now() + LEASE];
        return true;
      }),
    };
  },
});

/** Since when a lease counts, which was asked for at one instant and answered at another one. */
type CountsFrom = (asked: number, answered: number) => number;

const controllerOf = (name: string, commands: Map<string, () => boolean>, countsFrom: CountsFrom) =>
  defineAgent({
    name,
    needs: ['registry'],
    streams: ({ lifecycle, time, handle }) => {
      let until = 0;
      commands.set(name, () => time.now() < until);
      return {
        lease$: lifecycle.start$.pipe(
          time.every('1s', { immediate: true }),
          handle.exhaust(async (_tick, { call, now }) => {
            const asked = now();
            if (await call(lease, name)) until = countsFrom(asked, now()) + LEASE;
          }),
        ),
      };
    },
  });

const breaks = 'one controller at most is in command';

const story =
  (countsFrom: CountsFrom): ExploreBody =>
  async ({ host, clock, always }) => {
    const commands = new Map<string, () => boolean>();
    always(() => [...commands.values()].filter((isInCommand) => isInCommand()).length <= 1, breaks);
    await host.startAll([registry, ...['c1', 'c2'].map((name) => controllerOf(name, commands, countsFrom))]);
    await clock.sleep('10s');
  };

export const lostLease: SeededBug = {
  name: 'lease renewed after it was lost',
  breaks,
  wrong: story((_asked, answered) => answered),
  right: story((asked) => asked),
  options: { latency: { calls: '0..4s' } },
};
