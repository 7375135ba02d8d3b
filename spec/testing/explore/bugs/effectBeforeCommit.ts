// Each invoice gets the next number, and is sent under it at once: when the process ends before the number is kept, the
// next customer gets an invoice of the same number.
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

/** Who has got an invoice of which number. */
type Sent = Map<number, Set<string>>;

const billerOf = (customers$: Subject<string>, sent: Sent, isKeptFirst: boolean) =>
  defineAgent({
    name: 'biller',
    state: z.object({ last: z.number().default(0) }),
    streams: ({ handle, state }) => ({
      billed$: customers$.pipe(
        handle.concat(
          async (customer, { step, external }) => {
            const take = async (): Promise<number> => {
              state.update(({ last }) => ({ last: last + 1 }));
              return state.get().last;
            };
            const number = isKeptFirst ? await step('number', take) : await take();
            await external(Promise.resolve());
            sent.set(number, new Set([...(sent.get(number) ?? []), customer]));
            return number;
          },
          isKeptFirst ? { durable: 'invoices' } : {},
        ),
      ),
    }),
  });

const breaks = 'no two customers have an invoice of one number';

const story =
  (isKeptFirst: boolean): ExploreBody =>
  async ({ start, clock, always }) => {
    const sent: Sent = new Map();
    const customers$ = new Subject<string>();
    always(() => [...sent.values()].every(({ size }) => size === 1), breaks);
    start(billerOf(customers$, sent, isKeptFirst));
    for (const customer of ['Ada', 'Bob', 'Cleo']) {
      await clock.sleep('1s');
      customers$.next(customer);
    }
    await clock.sleep('1m');
  };

export const effectBeforeCommit: SeededBug = {
  name: 'an effect before its commit',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { crashes: 1 },
};
