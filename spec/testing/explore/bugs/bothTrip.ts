// Of two pumps one is on duty, and when it trips it hands its duty over to the other. If that one has tripped, too, and
// is not back yet, nobody hears of it, and none of the two pumps from then on.
import { filter, tap } from 'rxjs';
import { defineAgent, group, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const tripped = topic('pumps/:pump/tripped', z.null());
const plain = topic('pumps/duty', z.string());
const kept = topic('pumps/duty', z.string(), { retain: 'last' });

const pumpOf = (name: string, other: string, onDuty: Set<string>, duty: typeof plain) =>
  defineAgent({
    name,
    streams: ({ lifecycle, bus }) => ({
      duty$: bus.messages(duty).pipe(
        tap(({ payload }) => {
          if (payload === name) onDuty.add(name);
        }),
      ),
      trip$: bus.messages(tripped.at({ pump: name })).pipe(
        tap(() => {
          throw new Error(`${name} has tripped`);
        }),
      ),
      handOver$: lifecycle.stop$.pipe(
        filter(() => onDuty.delete(name)),
        tap(() => bus.publish(duty, other)),
      ),
    }),
  });

const breaks = 'one of the pumps is on duty';

const story =
  (duty: typeof plain): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const onDuty = new Set<string>();
    eventually(() => onDuty.size === 1, breaks);
    await host.startAll([
      group({
        name: 'pumps',
        restart: { backoff: { from: '500ms', jitter: 0 } },
        agents: [pumpOf('p1', 'p2', onDuty, duty), pumpOf('p2', 'p1', onDuty, duty)],
      }),
    ]);
    bus.publish(duty, 'p1');
    for (const pump of ['p1', 'p2']) {
      await clock.sleep('5s');
      bus.publish(tripped.at({ pump }), null);
    }
    await clock.sleep('10s');
  };

export const bothTrip: SeededBug = {
  name: 'two in a group that fail together',
  breaks,
  wrong: story(plain),
  right: story(kept),
  options: { latency: { messages: '0..4900ms' } },
};
