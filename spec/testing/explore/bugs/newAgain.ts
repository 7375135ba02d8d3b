// A payment is sent until somebody says that it has come, and who takes it knows by heart which it has had: when its host
// dies, the one that comes again is new to it, and is credited twice.
import { filter, map } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const payment = topic('payments', z.string());
const receipt = topic('receipts', z.string());

const payer = defineAgent({
  name: 'payer',
  streams: ({ lifecycle, time, bus, handle }) => ({
    paid$: lifecycle.start$.pipe(
      time.every('2s'),
      map(({ index }) => `p${index}`),
      handle.merge(
        async (id, { next }) => {
          const told = next(bus.messages(receipt).pipe(filter(({ payload }) => payload === id)), {
            timeout: '1s',
          });
          bus.publish(payment, id);
          await told;
          return id;
        },
        { retry: { count: 10, backoff: { from: '500ms', factor: 1 } } },
      ),
    ),
  }),
});

/** @param isKept whether the ids of what has been credited are kept with the credit */
const accountThat = (isKept: boolean) =>
  defineAgent({
    name: 'account',
    state: z.object({ balance: z.number().default(0), ids: z.array(z.string()).default([]) }),
    streams: ({ bus, handle, state }) => {
      const known = new Set<string>();
      return {
        credited$: bus.messages(payment).pipe(
          map(({ payload }) => payload),
          handle.concat(async (id, { sleep }) => {
            const isKnown = isKept ? state.get().ids.includes(id) : known.has(id);
            known.add(id);
            if (!isKnown) state.update(({ balance, ids }) => ({ balance: balance + 1, ids: [...ids, id] }));
            await sleep('100ms');
            bus.publish(receipt, id);
          }),
        ),
        state$: state.state$,
      };
    },
  });

const breaks = 'each payment is credited once';

const story =
  (isKept: boolean): ExploreBody =>
  async ({ host, start, clock, always }) => {
    let ids: readonly string[] = [];
    always(() => new Set(ids).size === ids.length, breaks);
    const b = host('b');
    b.outputs$.subscribe(({ stream, value }) => {
      if (stream === 'state$') ({ ids } = value as { readonly ids: readonly string[] });
    });
    await b.start(accountThat(isKept));
    const paying = start(payer);
    await clock.sleep('5s');
    await paying.stop();
  };

export const newAgain: SeededBug = {
  name: 'a redelivery taken for a new message',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { disturb: { crash: '0..1s' } },
};
