// A handler counts its order as done, tells the warehouse, and returns: when the process ends between the two, the order
// is done again, and counted twice.
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const counterOf = (orders$: Subject<string>, countsFirst: boolean) =>
  defineAgent({
    name: 'counter',
    state: z.object({ done: z.number().default(0) }),
    streams: ({ handle, state }) => ({
      done$: orders$.pipe(
        handle.concat(
          async (_order, { sleep }) => {
            const count = (): void => {
              state.update(({ done }) => ({ done: done + 1 }));
            };
            if (countsFirst) count();
            await sleep('200ms');
            if (!countsFirst) count();
          },
          { durable: 'orders' },
        ),
      ),
      state$: state.state$,
    }),
  });

const breaks = 'no order is counted twice';

const story =
  (countsFirst: boolean): ExploreBody =>
  async ({ start, clock, always }) => {
    const orders$ = new Subject<string>();
    let done = 0;
    always(() => done <= 2, breaks);
    start(counterOf(orders$, countsFirst)).streams.state$.subscribe((state) => ({ done } = state));
    for (const order of ['o1', 'o2']) {
      await clock.sleep('1s');
      orders$.next(order);
    }
    await clock.sleep('1m');
  };

export const settledTwice: SeededBug = {
  name: 'a job that is settled twice',
  breaks,
  wrong: story(true),
  right: story(false),
  options: { crashes: 1 },
};
