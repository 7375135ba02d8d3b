import { filter, firstValueFrom, map, merge, take, toArray } from 'rxjs';
import { defineAgent, type Host, topic } from 'rx-agent-kit';
import { z } from 'zod';
import type { WithHosts } from './twoAgentsSuite';

const COUNT = 60;
const job = topic('jobs/:id', z.number());

const worker = defineAgent({
  name: 'worker',
  group: 'workers',
  streams: ({ bus, handle }) => ({
    done$: bus.messages(job).pipe(handle.merge(async ({ payload }) => payload)),
    seen$: bus.messages(job).pipe(map(({ payload }) => payload)),
    odd$: bus.messages(job.at({ id: 'odd' })).pipe(map(({ payload }) => payload)),
  }),
});
/** In the same group, with another name. */
const auditor = defineAgent({
  name: 'auditor',
  group: 'workers',
  streams: ({ bus }) => ({ heard$: bus.messages(job).pipe(map(({ payload }) => payload)) }),
});
/** In no group. */
const listener = defineAgent({
  name: 'listener',
  streams: ({ bus }) => ({ heard$: bus.messages(job).pipe(map(({ payload }) => payload)) }),
});
const source = defineAgent({
  name: 'source',
  streams: ({ lifecycle, time, bus }) => ({
    sent$: lifecycle.start$.pipe(
      time.after('100ms'),
      map(() => {
        for (let n = 1; n <= COUNT; n++) bus.publish(job.at({ id: n % 2 === 1 ? 'odd' : 'even' }), n);
      }),
    ),
  }),
});

/** What a stream of an agent has emitted on some hosts, once it is so much. */
async function emitted(
  hosts: readonly Host[],
  agent: string,
  stream: string,
  count: number,
): Promise<number[]> {
  const outputs$ = merge(...hosts.map((host) => host.outputs$)).pipe(
    filter((output) => output.agent === agent && output.stream === stream),
    map(({ value }) => value as number),
    take(count),
    toArray(),
  );
  return (await firstValueFrom(outputs$)).sort((one, other) => one - other);
}

const EACH = Array.from({ length: COUNT }, (_, n) => n + 1);
const ODD = EACH.filter((n) => n % 2 === 1);

/** What the hosts of a group do with messages, wherever they are: in real time, or in that of a marble test. */
export function groupSuite(title: string, withHosts: WithHosts): void {
  describe(`A group of hosts ${title}`, () => {
    it(
      'shares the messages that its agents take, and each of their streams gets what is for the host',
      withHosts(async (one, two) => {
        const hosts = [...new Set([one, two])];
        const done = emitted(hosts, 'worker', 'done$', COUNT);
        const seen = emitted(hosts, 'worker', 'seen$', COUNT);
        const odd = emitted(hosts, 'worker', 'odd$', COUNT / 2);
        const audited = emitted(hosts, 'auditor', 'heard$', COUNT);
        const heard = emitted([two], 'listener', 'heard$', COUNT);
        const shares = new Map<Host, number>();
        for (const host of hosts) {
          host.outputs$.subscribe(({ stream }) => {
            if (stream === 'done$') shares.set(host, (shares.get(host) ?? 0) + 1);
          });
          await host.start(worker);
          await host.start(auditor);
        }
        await two.start(listener);
        await one.start(source);
        expect(await done).toEqual(EACH);
        expect(await seen).toEqual(EACH);
        expect(await odd).toEqual(ODD);
        expect(await audited).toEqual(EACH);
        expect(await heard).toEqual(EACH);
        for (const host of hosts) expect(shares.get(host)).toBeGreaterThanOrEqual(COUNT / 10);
      }),
    );
  });
}
