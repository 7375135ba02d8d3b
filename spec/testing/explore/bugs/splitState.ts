// A transfer takes from one account, asks the bank's log, and gives to the other: two turns, and when the process ends
// between them, and the transfer is done again, money is gone.
import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

interface Accounts {
  readonly one: number;
  readonly other: number;
}

const bankOf = (transfers$: Subject<number>, isSplit: boolean) =>
  defineAgent({
    name: 'bank',
    state: z.object({ one: z.number().default(100), other: z.number().default(0) }),
    streams: ({ handle, state }) => ({
      moved$: transfers$.pipe(
        handle.concat(
          async (cents, { sleep }) => {
            if (isSplit) state.update((now) => ({ ...now, one: now.one - cents }));
            await sleep('50ms');
            state.update(({ one, other }) => ({ one: isSplit ? one : one - cents, other: other + cents }));
          },
          { durable: 'transfers' },
        ),
      ),
      accounts$: state.state$,
    }),
  });

const breaks = 'no money is gone when all is done';

const story =
  (isSplit: boolean): ExploreBody =>
  async ({ start, clock, eventually }) => {
    const transfers$ = new Subject<number>();
    let accounts: Accounts = { one: 100, other: 0 };
    eventually(() => accounts.one + accounts.other === 100, breaks);
    start(bankOf(transfers$, isSplit)).streams.accounts$.subscribe((now) => (accounts = now));
    for (const cents of [10, 20]) {
      await clock.sleep('1s');
      transfers$.next(cents);
    }
    await clock.sleep('1m');
  };

export const splitState: SeededBug = {
  name: 'a state that a crash splits',
  breaks,
  wrong: story(true),
  right: story(false),
  options: { crashes: 1 },
};
