import { headers } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { liveClock, Scheduler } from 'rx-agent-kit';
import { natsStore } from 'rx-agent-kit/nats';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { percentile } from '../../harness/measure';
import { RAW, withClient, withServer } from './overNats';

// A batch of ten entries, each behind the one before it.

const BATCHES = 3000;
const ENTRIES = 10;

const batchOf = (n: number): [string, [{ id: number; item: string }, number]][] =>
  Array.from({ length: ENTRIES }, (_, nth) => [
    `agent/job/orders/${(n * ENTRIES + nth) % 1000}`,
    [{ id: n, item: 'lamp' }, n],
  ]);

async function commitWith(commit: (n: number) => Promise<void>, scale: number): Promise<Figures> {
  for (let n = 0; n < 300; n++) await commit(n);
  const spans = new Float64Array(BATCHES * scale);
  for (const n of spans.keys()) {
    const start = performance.now();
    await commit(n);
    spans[n] = performance.now() - start;
  }
  return { p50: percentile(spans, 0.5), p99: percentile(spans, 0.99) };
}

const kit = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    const scheduler = new Scheduler(liveClock());
    const store = await natsStore({ servers }).open('host', { scheduler });
    const figures = await commitWith((n) => store.commit(batchOf(n)), scale);
    await store.close();
    return figures;
  });

const raw = (scale: number): Promise<Figures> =>
  withServer((servers) =>
    withClient(servers, async (client) => {
      const manager = await jetstreamManager(client);
      await manager.streams.add({ name: 'store', subjects: ['store.*'] });
      const js = jetstream(client);
      let last = 0;
      return commitWith(async (n) => {
        const head = headers();
        head.set('Nats-Expected-Last-Subject-Sequence', String(last));
        const { seq } = await js.publish('store.host', JSON.stringify(batchOf(n)), { headers: head });
        last = seq;
      }, scale);
    }),
  );

export const storeCases: readonly BenchCase[] = [
  {
    name: 'NATS, store',
    sides: { kit, [RAW]: raw },
    rows: [
      {
        name: 'NATS, a batch of ten entries committed to natsStore: p50',
        figure: 'p50',
        unit: 'ms',
        per: 1,
        target: { kind: 'less-than', rival: RAW, floor: 0.8, aim: 0.95 },
      },
      {
        name: 'NATS, a batch of ten entries committed to natsStore: p99',
        figure: 'p99',
        unit: 'ms',
        per: 1,
        target: { kind: 'none', rival: RAW },
      },
    ],
  },
];
