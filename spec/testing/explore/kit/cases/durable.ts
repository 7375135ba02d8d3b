import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';
import type { KitCase } from '../KitCase';
import { crashesAndCommits, giveOrders } from './orders';

/** A shop of which all is durable: timers by key, jobs of each policy, steps, and a state that counts. */
const shop =
  (policy: 'concat' | 'merge'): ExploreBody =>
  async ({ start, host, clock, always, eventually }) => {
    const orders$ = new Subject<string>();
    /** What was done of each order, in the world outside and as the handler knows it. */
    const known = new Map<string, Set<string>>();
    const again: string[] = [];
    const shipped: string[] = [];
    const kept: string[] = [];
    const begun: string[] = [];
    let state: { readonly done: readonly string[] } = { done: [] };
    const { streams } = start(
      defineAgent({
        name: 'shop',
        state: z.object({ done: z.array(z.string()).default([]) }),
        streams: ({ time, handle, state: own }) => ({
          shipped$: orders$.pipe(
            time.after('1s', { durable: 'wait', key: (order) => order }),
            handle[policy](
              async (order, { step, sleep }) => {
                if (!begun.includes(order)) begun.push(order);
                const once = async (what: string) => {
                  await step(what, async () => {
                    if (known.get(order)?.has(what)) again.push(`${order} ${what}`);
                  });
                  known.set(order, new Set([...(known.get(order) ?? []), what]));
                };
                await once('charge');
                await sleep('2s', { step: 'cool off' });
                await once('ship');
                own.update(({ done }) => ({ done: [...done, order] }));
                return order;
              },
              { durable: 'orders' },
            ),
          ),
          state$: own.state$,
        }),
      }),
    );
    streams.shipped$.subscribe((order) => shipped.push(order));
    streams.state$.subscribe((now) => (state = now));
    always(() => again.length === 0, 'a step that is kept is not done again');
    always(
      () => new Set(shipped).size === shipped.length,
      'what is seen to be settled does not settle again',
    );
    always(() => new Set(state.done).size === state.done.length, 'the state counts each order once');
    always(
      () => shipped.every((order) => state.done.includes(order)),
      'a job and its state are kept together',
    );
    eventually(() => kept.every((order) => shipped.includes(order)), 'no order that was kept is lost');
    if (policy === 'concat')
      always(
        () => begun.every((order, index) => index === 0 || begun[index - 1]! < order),
        'orders begin in their order',
      );
    await clock.sleep('100ms');
    await giveOrders({ host, clock }, orders$, kept);
  };

export const durable: readonly KitCase[] = (['concat', 'merge'] as const).map((policy) => ({
  name: `What is durable is whole at each crash, however slow the store is and whatever it refuses, under ${policy}`,
  body: shop(policy),
  options: crashesAndCommits,
}));
