// A payment is tried again when its answer has not come in time, with a key that names the attempt instead of the
// order: if only the answer was late, the customer pays twice.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const ordered = topic('orders/:order', z.object({ cents: z.int() }));
const charge = procedure('payments/charge', {
  input: z.object({ key: z.string(), order: z.string(), cents: z.int() }),
  output: z.string(),
});

const paymentsInto = (charges: string[]) =>
  defineAgent({
    name: 'payments',
    streams: ({ bus }) => {
      const receipts = new Map<string, string>();
      return {
        charged$: bus.serve(charge, async ({ key, order, cents }) => {
          const receipt = receipts.get(key) ?? `${order}: ${cents} cents`;
          if (!receipts.has(key)) charges.push(order);
          receipts.set(key, receipt);
          return receipt;
        }),
      };
    },
  });

const tillWith = (keyOf: (order: string, attempt: number) => string) =>
  defineAgent({
    name: 'till',
    needs: ['payments'],
    streams: ({ bus, handle }) => ({
      paid$: bus
        .messages(ordered)
        .pipe(
          handle.merge(
            async ({ params: { order }, payload: { cents } }, { attempt, call }) =>
              call(charge, { key: keyOf(order, attempt), order, cents }, { timeout: '200ms' }),
            { retry: { count: 3, backoff: '100ms' } },
          ),
        ),
    }),
  });

const breaks = 'an order is charged once at most';

const story =
  (keyOf: (order: string, attempt: number) => string): ExploreBody =>
  async ({ host, bus, always }) => {
    const charges: string[] = [];
    always(() => new Set(charges).size === charges.length, breaks);
    await host.startAll([paymentsInto(charges), tillWith(keyOf)]);
    for (const order of ['o1', 'o2']) bus.publish(ordered.at({ order }), { cents: 1999 });
  };

export const doubleCharge: SeededBug = {
  name: 'double charge at a retry',
  breaks,
  wrong: story((order, attempt) => `${order}/${attempt}`),
  right: story((order) => order),
  options: { latency: { calls: '0..150ms' } },
};
