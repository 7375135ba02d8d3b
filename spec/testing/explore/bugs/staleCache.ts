// A shop keeps the prices that it has asked for, and forgets one when it is told that it has changed. If it is told so
// while it asks, there is nothing to forget yet, and the old price comes after that and is kept.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const wanted = topic('shop/wanted', z.string());
const changed = topic('prices/changed', z.string());
const priceOf = procedure('prices/of', { input: z.string(), output: z.number() });

const wholesaleWith = (prices: Map<string, number>) =>
  defineAgent({
    name: 'wholesale',
    streams: ({ bus }) => ({ asked$: bus.serve(priceOf, async (item) => prices.get(item) ?? NaN) }),
  });

const shopThat = (looksForChanges: boolean) =>
  defineAgent({
    name: 'shop',
    needs: ['wholesale'],
    streams: ({ bus, handle }) => {
      const known = new Map<string, number>();
      let changes = 0;
      return {
        changed$: bus.messages(changed).pipe(
          handle.concat(async ({ payload: item }) => {
            changes++;
            return known.delete(item);
          }),
        ),
        offer$: bus.messages(wanted).pipe(
          handle.merge(async ({ payload: item }, { call }) => {
            const before = changes;
            const price = known.get(item) ?? (await call(priceOf, item));
            if (!looksForChanges || changes === before) known.set(item, price);
            return price;
          }),
        ),
      };
    },
  });

const breaks = 'a price that has long changed is not offered any more';

const story =
  (looksForChanges: boolean): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const prices = new Map([['tea', 300]]);
    const offers: number[] = [];
    eventually(() => offers.at(-1) === 350, breaks);
    await host.start(wholesaleWith(prices));
    const { streams } = await host.start(shopThat(looksForChanges));
    streams.offer$.subscribe((price) => offers.push(price));
    bus.publish(wanted, 'tea');
    await clock.sleep('500ms');
    prices.set('tea', 350);
    bus.publish(changed, 'tea');
    await clock.sleep('5s');
    bus.publish(wanted, 'tea');
  };

export const staleCache: SeededBug = {
  name: 'cache filled by a stale answer',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { latency: '0..1s' },
};
