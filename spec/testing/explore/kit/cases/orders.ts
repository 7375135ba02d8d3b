import type { ExploreHelpers, ExploreOptions } from 'rx-agent-kit/testing';
import type { Subject } from 'rxjs';

/** What may go wrong with what is to outlive the process. */
export const crashesAndCommits: ExploreOptions = {
  crashes: { most: 2, down: '0..5s' },
  latency: { commits: '0..2s' },
  faults: { most: 2, commits: true },
};

/** Gives three orders, one after the other, and notes which of them are told to be kept; then an hour passes. */
export async function giveOrders(
  { host, clock }: Pick<ExploreHelpers, 'host' | 'clock'>,
  orders$: Subject<string>,
  kept: string[],
): Promise<void> {
  for (const order of ['o1', 'o2', 'o3']) {
    orders$.next(order);
    await host.kept({ ifFailing: 'wait' }).then(
      () => kept.push(order),
      () => undefined,
    );
    await clock.sleep('700ms');
  }
  await clock.sleep('1h');
}
