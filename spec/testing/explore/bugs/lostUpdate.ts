// Two orders read the same stock, and each writes back what it has left of it: when the second one reads before the
// first has written, its write undoes the other's. As long as the store answers at once, nobody sees it.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const ordered = topic('orders/:item', z.number());
const readStock = procedure('stock/read', { input: z.string(), output: z.number() });
const writeStock = procedure('stock/write', {
  input: z.object({ item: z.string(), left: z.number() }),
  output: z.number(),
});

const storeOf = (stock: Map<string, number>) =>
  defineAgent({
    name: 'store',
    streams: ({ bus }) => ({
      reads$: bus.serve(readStock, async (item) => stock.get(item) ?? 0),
      writes$: bus.serve(writeStock, async ({ item, left }) => {
        stock.set(item, left);
        return left;
      }),
    }),
  });

const shopThat = (policy: 'merge' | 'concat') =>
  defineAgent({
    name: 'shop',
    needs: ['store'],
    streams: ({ bus, handle }) => ({
      sold$: bus.messages(ordered).pipe(
        handle[policy](async ({ params: { item }, payload: pieces }, { call }) => {
          const left = await call(readStock, item);
          return call(writeStock, { item, left: left - pieces });
        }),
      ),
    }),
  });

const breaks = 'all that is sold is off the stock';

const story =
  (policy: 'merge' | 'concat'): ExploreBody =>
  async ({ host, bus, clock, eventually }) => {
    const stock = new Map([['tea', 10]]);
    eventually(() => stock.get('tea') === 7, breaks);
    await host.startAll([storeOf(stock), shopThat(policy)]);
    for (const pieces of [1, 2]) {
      bus.publish(ordered.at({ item: 'tea' }), pieces);
      await clock.sleep('20ms');
    }
  };

export const lostUpdate: SeededBug = {
  name: 'lost update',
  breaks,
  wrong: story('merge'),
  right: story('concat'),
  options: { latency: '0..50ms' },
};
