// An order may be cancelled until it has been handed to the carrier, and it counts as handed over when the carrier has
// answered: who cancels while the carrier is asked gets the money back, and the goods.
import { defineAgent, procedure, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const placed = topic('orders/:order/placed', z.null());
const cancelled = topic('orders/:order/cancelled', z.null());
const handOver = procedure('carrier/hand-over', { input: z.string(), output: z.string() });

const carrierOf = (shipped: Set<string>) =>
  defineAgent({
    name: 'carrier',
    streams: ({ bus }) => ({
      taken$: bus.serve(handOver, async (order) => {
        shipped.add(order);
        return `parcel of ${order}`;
      }),
    }),
  });

const shopThat = (marks: 'before' | 'after', refunded: Set<string>) =>
  defineAgent({
    name: 'shop',
    needs: ['carrier'],
    streams: ({ bus, handle }) => {
      const gone = new Set<string>();
      return {
        parcels$: bus.messages(placed).pipe(
          handle.merge(async ({ params: { order } }, { sleep, call }) => {
            await sleep('10m'); // somebody packs it
            if (refunded.has(order)) return;
            if (marks === 'before') gone.add(order);
            await call(handOver, order);
            gone.add(order);
          }),
        ),
        refunds$: bus.messages(cancelled).pipe(
          handle.merge(async ({ params: { order } }) => {
            if (!gone.has(order)) refunded.add(order);
          }),
        ),
      };
    },
  });

const breaks = 'nobody gets the money and the goods';

const story =
  (marks: 'before' | 'after'): ExploreBody =>
  async ({ host, bus, clock, always }) => {
    const [shipped, refunded] = [new Set<string>(), new Set<string>()];
    always(() => !refunded.has('tea') || !shipped.has('tea'), breaks);
    await host.startAll([carrierOf(shipped), shopThat(marks, refunded)]);
    bus.publish(placed.at({ order: 'tea' }), null);
    await clock.sleep('9m59s');
    bus.publish(cancelled.at({ order: 'tea' }), null);
  };

export const lateCancel: SeededBug = {
  name: 'cancel that comes too late',
  breaks,
  wrong: story('after'),
  right: story('before'),
  options: { latency: '0..2s' },
};
