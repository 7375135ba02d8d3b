import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';
import type { KitCase } from '../KitCase';
import { crashesAndCommits, giveOrders } from './orders';

const paid = topic('paid/:desk', z.string(), { durable: true });

/** A till that publishes with the end of a job, a durable handler that takes it, and a plain one that may have it twice. */
const body: ExploreBody = async ({ start, host, clock, always, eventually }) => {
  const orders$ = new Subject<string>();
  const kept: string[] = [];
  const ids = new Map<string, Set<string | undefined>>();
  const seen: string[] = [];
  const failedOnce = new Set<string>();
  let state: { readonly booked: readonly string[] } = { booked: [] };
  let till: { readonly paid: readonly string[] } = { paid: [] };
  const { streams: ofBooks } = start(
    defineAgent({
      name: 'books',
      state: z.object({ booked: z.array(z.string()).default([]) }),
      streams: ({ bus, handle, state: own }) => ({
        booked$: bus.messages(paid, { durable: 'books' }).pipe(
          handle.concat(
            async ({ payload }, { sleep }) => {
              await sleep('1s');
              own.update(({ booked }) => ({ booked: [...booked, payload] }));
            },
            { durable: 'bookings' },
          ),
        ),
        state$: own.state$,
      }),
    }),
  );
  const { streams: ofDesk } = start(
    defineAgent({
      name: 'desk',
      streams: ({ bus, handle }) => ({
        seen$: bus.messages(paid, { durable: 'desk' }).pipe(
          handle.concat(async ({ payload, origin }, { sleep }) => {
            ids.set(payload, (ids.get(payload) ?? new Set()).add(origin?.id));
            await sleep('500ms');
            if (payload === 'o2' && !failedOnce.has(payload)) {
              failedOnce.add(payload);
              throw new Error('not yet');
            }
            seen.push(payload);
          }),
        ),
      }),
    }),
  );
  const { streams: ofTill } = start(
    defineAgent({
      name: 'till',
      state: z.object({ paid: z.array(z.string()).default([]) }),
      streams: ({ bus, handle, state: own }) => ({
        paid$: orders$.pipe(
          handle.concat(
            async (order) => {
              bus.publish(paid.at({ desk: 'd' }), order);
              own.update(({ paid: all }) => ({ paid: [...all, order] }));
            },
            { durable: 'orders' },
          ),
        ),
        state$: own.state$,
      }),
    }),
  );
  ofDesk.seen$.subscribe(() => undefined);
  host.errors$.subscribe(() => undefined);
  ofTill.state$.subscribe((now) => (till = now));
  ofBooks.state$.subscribe((now) => (state = now));
  always(
    () => state.booked.every((order) => till.paid.includes(order)),
    'nothing is booked that was not paid',
  );
  always(
    () => new Set(state.booked).size === state.booked.length,
    'what is taken by a durable handler is one job',
  );
  always(() => new Set(till.paid).size === till.paid.length, 'an order is paid once');
  always(
    () => state.booked.every((order, index) => index === 0 || state.booked[index - 1]! < order),
    'messages of a topic keep their order',
  );
  eventually(() => kept.every((order) => till.paid.includes(order)), 'no order that was kept is lost');
  eventually(
    () => till.paid.every((order) => state.booked.includes(order)),
    'no message is lost on the way to a job',
  );
  eventually(
    () => till.paid.every((order) => seen.includes(order)),
    'a plain handler deals with each message at last',
  );
  // The names are to be kept first: what is published before is not kept for them.
  for (let areKnown = false; !areKnown;) {
    await clock.sleep('10s');
    areKnown = await host.kept().then(
      () => true,
      () => false,
    );
  }
  await giveOrders({ host, clock }, orders$, kept);
};

export const durableTopics: readonly KitCase[] = [
  {
    name: 'A message of a durable topic is neither lost nor taken twice, wherever its host dies',
    body,
    options: crashesAndCommits,
  },
];
