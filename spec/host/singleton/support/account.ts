import { map } from 'rxjs';
import { defineAgent, type MemoryStore } from 'rx-agent-kit';
import { z } from 'zod';

/** A singleton, all of it durable, which writes into its state where it was each second. */
export const account = (at: string) =>
  defineAgent({
    name: 'account',
    singleton: true,
    state: z.object({ by: z.array(z.string()).default([]) }),
    streams: ({ lifecycle, time, handle, state }) => ({
      x$: lifecycle.start$.pipe(
        time.every('1s', { durable: 'beat' }),
        handle.concat(
          async (_tick, run) => {
            state.update(({ by }) => ({ by: [...by, at] }));
            return run.key;
          },
          { durable: 'jobs' },
        ),
      ),
      by$: state.state$.pipe(map(({ by }) => by)),
    }),
  });

/** Its state, as it is kept. */
export function keptBy(store: MemoryStore): readonly string[] {
  const state = [...store.entries('singleton/account')].find(([key]) => key.includes('/state/'))?.[1];
  const [, [{ by }]] = state as unknown as [number, [{ readonly by: readonly string[] }]];
  return by;
}
