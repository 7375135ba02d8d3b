// A top-up is sent again until it is acknowledged, and a prepaid meter leaves out what it has just had: but one that
// comes again after another one is not what it has just had, and is credited twice.
import { filter } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const bought = topic('shop/bought', z.string());
const topUp = topic('meter/top-ups', z.string());
const ack = topic('meter/acks', z.string());

const shop = defineAgent({
  name: 'shop',
  streams: ({ bus, handle }) => ({
    delivered$: bus.messages(bought).pipe(
      handle.merge(
        async ({ payload: id }, { next }) => {
          const acked = next(bus.messages(ack).pipe(filter(({ payload }) => payload === id)), {
            timeout: '500ms',
          });
          bus.publish(topUp, id);
          await acked;
          return id;
        },
        { retry: { count: 3, backoff: '100ms' } },
      ),
    ),
  }),
});

const meterWith = (credited: string[], isKnown: (id: string) => boolean) =>
  defineAgent({
    name: 'meter',
    streams: ({ bus, handle }) => ({
      credit$: bus.messages(topUp).pipe(
        handle.concat(async ({ payload: id }) => {
          if (!isKnown(id)) credited.push(id);
          bus.publish(ack, id);
        }),
      ),
    }),
  });

const breaks = 'a top-up is credited once at most';

const story =
  (isKnown: (credited: string[], id: string) => boolean): ExploreBody =>
  async ({ host, bus, clock, always, eventually }) => {
    const credited: string[] = [];
    always(() => new Set(credited).size === credited.length, breaks);
    eventually(() => credited.length >= 2, 'each top-up is credited');
    await host.startAll([meterWith(credited, (id) => isKnown(credited, id)), shop]);
    for (const id of ['t1', 't2']) {
      bus.publish(bought, id);
      await clock.sleep('200ms');
    }
  };

export const unknownDuplicate: SeededBug = {
  name: 'duplicate message not recognised',
  breaks,
  wrong: story((credited, id) => credited.at(-1) === id),
  right: story((credited, id) => credited.includes(id)),
  options: { latency: { messages: '0..400ms' } },
};
