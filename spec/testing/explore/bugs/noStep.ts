// An order is charged in a step, but the step has another name in each attempt: when the process ends after the charge,
// the next attempt does not know it again, and charges once more.
import { defineAgent, type Run } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import type { SeededBug } from './support/SeededBug';

/** What the card service has done, and of which charges it is known here. */
interface Account {
  readonly known: Set<string>;
  readonly again: string[];
}

const shopOf = (orders$: Subject<string>, { known, again }: Account, nameOf: (run: Run) => string) =>
  defineAgent({
    name: 'shop',
    streams: ({ handle }) => ({
      shipped$: orders$.pipe(
        handle.concat(
          async (order, run) => {
            await run.step(nameOf(run), async () => {
              if (known.has(order)) again.push(order);
            });
            known.add(order);
            await run.sleep('1h', { step: 'pack' });
            return `${order} is shipped`;
          },
          { durable: 'orders' },
        ),
      ),
    }),
  });

const breaks = 'what is known to be charged is not charged again';

const story =
  (nameOf: (run: Run) => string): ExploreBody =>
  async ({ start, clock, always }) => {
    const account: Account = { known: new Set(), again: [] };
    const orders$ = new Subject<string>();
    always(() => account.again.length === 0, breaks);
    start(shopOf(orders$, account, nameOf));
    await clock.sleep('1s');
    orders$.next('o1');
    await clock.sleep('3h');
  };

export const noStep: SeededBug = {
  name: 'a step that is not one',
  breaks,
  wrong: story(({ attempt }) => `charge ${attempt}`),
  right: story(() => 'charge'),
  options: { crashes: 1 },
};
