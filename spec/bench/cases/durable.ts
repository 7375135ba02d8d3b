import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, defineAgent, type Host, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { everyCrash } from 'rx-agent-kit/testing';
import { open } from 'lmdb';
import { Subject } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { elapse, expectCount, memoryInUse, percentile, turn } from '../harness/measure';

// All spans are of the wall clock: what is measured is mostly done by LMDB's own threads.

const JOBS = 50_000;
const PER_TURN = 100;
const TIMERS = 100_000;

interface Order {
  readonly id: number;
}

/** Works in a folder that is gone afterwards. */
async function inFolder(work: (folder: string) => Promise<Figures>): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What anybody has to do who keeps jobs: each is put, and taken away when it is done. */
const rawJobs = (scale: number): Promise<Figures> =>
  inFolder(async (path) => {
    const db = open<string, string>({ path, encoding: 'string' });
    const count = JOBS * scale;
    const start = performance.now();
    const ids = (first: number) => Array.from({ length: PER_TURN }, (_, nth) => first + nth);
    const put = (id: number) => void db.put(`host/agent/job/x/${id}`, JSON.stringify([[{ id }], 1]));
    const remove = (id: number) => void db.remove(`host/agent/job/x/${id}`);
    const batches: PromiseLike<unknown>[] = [];
    for (let first = 0; first < count; first += PER_TURN)
      for (const work of [put, remove]) {
        batches.push(
          db.batch(() => {
            for (const id of ids(first)) work(id);
          }),
        );
        await turn();
      }
    await batches.at(-1);
    const each = ((performance.now() - start) * 1e6) / count;
    await db.close();
    return { each };
  });

const hostOn = (folder: string): Host => createHost({ store: lmdbStore(folder), log: silentLog });

const kitJobs = (scale: number): Promise<Figures> =>
  inFolder(async (folder) => {
    const host = hostOn(folder);
    const orders$ = new Subject<Order>();
    const count = JOBS * scale;
    let done = 0;
    await host.start(
      defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          done$: orders$.pipe(
            handle.concat(
              async () => {
                done++;
              },
              { durable: 'x', buffer: JOBS },
            ),
          ),
        }),
      }),
    );
    const start = performance.now();
    for (let id = 0; id < count; id++) {
      orders$.next({ id });
      if (id % PER_TURN === PER_TURN - 1) await turn();
    }
    while (done < count) await turn();
    await host.kept();
    const each = ((performance.now() - start) * 1e6) / count;
    await host.stop();
    return { each };
  });

const kitTimers = (scale: number): Promise<Figures> =>
  inFolder(async (folder) => {
    const count = JOBS * scale;
    const triggers$ = new Subject<Order>();
    let fired = 0;
    const host = hostOn(folder);
    await host.start(
      defineAgent({
        name: 'agent',
        streams: ({ time }) => ({
          fired$: triggers$.pipe(time.after(1, { durable: 'x', key: ({ id }) => id })),
        }),
      }),
    );
    host.outputs$.subscribe(() => fired++);
    const start = performance.now();
    for (let id = 0; id < count; id++) {
      triggers$.next({ id });
      if (id % PER_TURN === PER_TURN - 1) await turn();
    }
    while (fired < count) await elapse(1);
    await host.kept();
    const each = ((performance.now() - start) * 1e6) / count;
    await host.stop();
    return { each };
  });

const kitLatency = (scale: number): Promise<Figures> =>
  inFolder(async (folder) => {
    const host = hostOn(folder);
    const orders$ = new Subject<Order>();
    await host.start(
      defineAgent({
        name: 'agent',
        streams: ({ handle }) => ({
          done$: orders$.pipe(handle.merge(async () => undefined, { durable: 'x' })),
        }),
      }),
    );
    const spans: number[] = [];
    for (let id = 0; id < 1000 * scale; id++) {
      const start = performance.now();
      orders$.next({ id });
      await host.kept();
      spans.push(performance.now() - start);
      await elapse(1);
    }
    await host.stop();
    return { p50: percentile(spans, 0.5), p99: percentile(spans, 0.99) };
  });

const rawLatency = (scale: number): Promise<Figures> =>
  inFolder(async (path) => {
    const db = open<string, string>({ path, encoding: 'string' });
    const spans: number[] = [];
    for (let id = 0; id < 1000 * scale; id++) {
      const start = performance.now();
      await db.put(`host/agent/job/x/${id}`, JSON.stringify([[{ id }], 1]));
      spans.push(performance.now() - start);
      await elapse(1);
    }
    await db.close();
    return { p50: percentile(spans, 0.5), p99: percentile(spans, 0.99) };
  });

const manyTimers = (scale: number): Promise<Figures> =>
  inFolder(async (folder) => {
    const count = TIMERS * scale;
    const triggers$ = new Subject<Order>();
    const agent = defineAgent({
      name: 'agent',
      streams: ({ time }) => ({
        fired$: triggers$.pipe(time.after('1d', { durable: 'x', key: ({ id }) => id })),
      }),
    });
    const first = hostOn(folder);
    await first.start(agent);
    for (let id = 0; id < count; id++) triggers$.next({ id });
    await first.kept();
    await first.stop();
    const before = memoryInUse();
    const start = performance.now();
    const second = hostOn(folder);
    await second.start(agent);
    const took = performance.now() - start;
    const memory = (memoryInUse() - before) / count;
    expectCount(second.ledger().length, count);
    await second.stop();
    return { took: took / scale, memory };
  });

const crashes = async (scale: number): Promise<Figures> => {
  const agent = defineAgent({
    name: 'agent',
    streams: ({ lifecycle, handle }) => ({
      done$: lifecycle.start$.pipe(
        handle.concat(({ type }, { step }) => step('a', async () => type), { durable: 'x' }),
      ),
    }),
  });
  let runs = 0;
  const test = everyCrash(
    ({ start, expectObservable }) => {
      runs++;
      expectObservable(start(agent).streams.done$).toBe('a', { a: 'start' });
    },
    { assertsElsewhere: true },
  );
  for (let round = 0; round < 20; round++) await test();
  runs = 0;
  const start = performance.now();
  for (let round = 0; round < 200 * scale; round++) await test();
  return { rate: (runs * 1000) / (performance.now() - start) };
};

const rival = 'lmdb';
const share = { kind: 'less-than', rival, floor: 0.25, aim: 0.5 } as const;

export const cases: readonly BenchCase[] = [
  {
    name: 'durable jobs',
    sides: { kit: kitJobs, [rival]: rawJobs },
    rows: [
      {
        name: 'durable jobs taken, run and settled, against put and remove: time each',
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: share,
      },
    ],
  },
  {
    name: 'durable timers',
    sides: { kit: kitTimers, [rival]: rawJobs },
    rows: [
      {
        name: 'durable timers armed and fired, against put and remove: time each',
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: share,
      },
    ],
  },
  {
    name: 'durable latency',
    sides: { kit: kitLatency, [rival]: rawLatency },
    rows: [
      {
        name: 'durable latency from trigger to kept, one at a time: p50',
        figure: 'p50',
        unit: 'ms',
        per: 1,
        target: { kind: 'less-than', rival, floor: 0.25, aim: 0.5 },
      },
      {
        name: 'durable latency from trigger to kept, one at a time: p99',
        figure: 'p99',
        unit: 'ms',
        per: 1,
        target: { kind: 'none', rival },
      },
    ],
  },
  {
    name: 'durable timers, 100,000 of them',
    sides: { kit: manyTimers },
    rows: [
      {
        name: 'durable timers, 100,000 of them: start',
        figure: 'took',
        unit: 'ms',
        per: 1,
        target: { kind: 'none' },
      },
      {
        name: 'durable timers, 100,000 of them: memory each',
        figure: 'memory',
        unit: 'B',
        per: 1,
        target: { kind: 'none' },
      },
    ],
  },
  {
    name: 'everyCrash of a small body',
    sides: { kit: crashes },
    rows: [
      {
        name: 'everyCrash of a small body: runs a second',
        figure: 'rate',
        unit: '1/s',
        per: 1,
        target: { kind: 'at-least', floor: 500, aim: 2000 },
      },
    ],
  },
];
