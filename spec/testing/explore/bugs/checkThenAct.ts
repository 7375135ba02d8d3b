// A charging station looks whether its connector is free, asks the backend about the card, and only then takes the
// connector: a second card that is swiped while the backend is asked finds it free, too.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const swiped = topic('station/swiped', z.string());
const unplugged = topic('station/unplugged', z.string());
const authorize = procedure('backend/authorize', { input: z.string(), output: z.boolean() });

const backend = defineAgent({
  name: 'backend',
  streams: ({ bus }) => ({
    authorized$: bus.serve(authorize, async (card) => card !== 'expired'),
  }),
});

const stationOf = (charging: Set<string>, takesFirst: boolean) =>
  defineAgent({
    name: 'station',
    needs: ['backend'],
    streams: ({ bus, handle }) => {
      let isFree = true;
      return {
        started$: bus.messages(swiped).pipe(
          handle.merge(async ({ payload: card }, { call }) => {
            if (!isFree) return;
            if (takesFirst) isFree = false;
            if (await call(authorize, card)) charging.add(card);
            isFree = charging.size === 0;
          }),
        ),
        ended$: bus.messages(unplugged).pipe(
          handle.concat(async ({ payload: card }) => {
            if (charging.delete(card)) isFree = true;
          }),
        ),
      };
    },
  });

const breaks = 'one car at a time is charged';

const story =
  (takesFirst: boolean): ExploreBody =>
  async ({ host, bus, clock, always }) => {
    const charging = new Set<string>();
    always(() => charging.size <= 1, breaks);
    await host.startAll([backend, stationOf(charging, takesFirst)]);
    for (const card of ['expired', 'ann', 'bob']) {
      bus.publish(swiped, card);
      await clock.sleep('100ms');
    }
    bus.publish(unplugged, 'ann');
  };

export const checkThenAct: SeededBug = {
  name: 'check, then act over an await',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { latency: '0..100ms' },
};
