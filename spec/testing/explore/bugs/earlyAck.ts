// A clerk tells the desk that an order is booked while the booking is yet to be kept: when its host dies in between, the
// desk has forgotten an order that nobody has booked.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const next = procedure('desk/next', { input: z.void(), output: z.string().nullable() });
const done = procedure('desk/done', { input: z.string(), output: z.boolean() });

const deskWith = (orders: string[], forgotten: string[]) =>
  defineAgent({
    name: 'desk',
    streams: ({ bus }) => ({
      asked$: bus.serve(next, async () => orders[0] ?? null),
      done$: bus.serve(done, async (order) => {
        if (orders[0] === order) forgotten.push(...orders.splice(0, 1));
        return true;
      }),
    }),
  });

/** @param keepsFirst whether a booking is kept before the desk hears of it */
const clerkThat = (keepsFirst: boolean) =>
  defineAgent({
    name: 'clerk',
    state: z.object({ booked: z.array(z.string()).default([]) }),
    streams: ({ lifecycle, time, handle, state }) => ({
      rounds$: lifecycle.start$.pipe(
        time.every('1s', { durable: 'round' }),
        handle.exhaust(
          async (_tick, { call, step }) => {
            const order = await call(next, undefined);
            if (order === null) return;
            const book = async (): Promise<void> => {
              const { booked } = state.get();
              if (!booked.includes(order)) state.set({ booked: [...booked, order] });
            };
            if (keepsFirst) await step(`book ${order}`, book);
            else await book();
            await call(done, order);
          },
          { durable: 'rounds' },
        ),
      ),
      state$: state.state$,
    }),
  });

const breaks = 'what the desk has forgotten is booked';

const story =
  (keepsFirst: boolean): ExploreBody =>
  async ({ host, start, clock, eventually }) => {
    const orders = ['o1', 'o2', 'o3'];
    const forgotten: string[] = [];
    let booked: readonly string[] = [];
    eventually(() => forgotten.every((order) => booked.includes(order)), breaks);
    start(deskWith(orders, forgotten));
    const b = host('b');
    b.outputs$.subscribe(({ stream, value }) => {
      if (stream === 'state$') ({ booked } = value as { readonly booked: readonly string[] });
    });
    await b.start(clerkThat(keepsFirst));
    await clock.sleep('6500ms');
  };

export const earlyAck: SeededBug = {
  name: 'an ack before the commit',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { crashes: 1 },
};
