import { type AgentError, defineAgent, memoryStore, topic } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';

describe('a job with which the process ends', () => {
  const shop = (
    triggers$: Subject<number>,
    work: (
      order: number,
      run: { sleep(span: string, options?: { step: string }): Promise<void>; attempt: number },
    ) => unknown,
    options: { maxCrashes?: number } = {},
  ) =>
    defineAgent({
      name: 'shop',
      streams: ({ handle }) => ({
        done$: triggers$.pipe(
          handle.merge(
            async (order: number, run) => {
              await work(order, run);
              return order;
            },
            { durable: 'orders', ...options },
          ),
        ),
      }),
    });

  const poisoned = memoryStore();
  it(
    'is dead when that goes on, and told of; others go on',
    marbleTest(
      async ({ start, host, clock, crash }) => {
        const triggers$ = new Subject<number>();
        const errors: AgentError[] = [];
        const seen: string[] = [];
        host.errors$.subscribe((error) => errors.push(error));
        start(
          shop(
            triggers$,
            async (order, { sleep, attempt }) => {
              seen.push(`${order} ${attempt}`);
              // The one that waits is under no suspicion.
              await sleep('1h', order === 2 ? { step: 'cool off' } : undefined);
            },
            { maxCrashes: 3 },
          ),
        );
        await clock.sleep(0);
        for (const order of [1, 2]) triggers$.next(order);
        for (let life = 1; life <= 6; life++) crash(life * 1000);
        await clock.sleep('30m');
        expect(seen.filter((run) => run.startsWith('1'))).toEqual(['1 1', '1 2', '1 3', '1 4']);
        expect(seen.filter((run) => run.startsWith('2'))).toHaveLength(7);
        expect(errors).toMatchObject([
          { code: 'handler-failed', attempt: 4, cause: { code: 'job-crashed' } },
        ]);
        expect([...poisoned.entries('test').keys()].filter((key) => key.includes('/dead/'))).toEqual([
          'shop/dead/orders/1',
        ]);
        await clock.sleep('40m');
        expect([...poisoned.entries('test').keys()].filter((key) => key.includes('/job/'))).toEqual([]);
      },
      { store: poisoned },
    ),
  );

  it(
    'is not what a stop cuts off, however often',
    marbleTest(async ({ host, clock }) => {
      const triggers$ = new Subject<number>();
      const attempts: number[] = [];
      const agent = shop(
        triggers$,
        async (_order, { sleep, attempt }) => {
          attempts.push(attempt);
          await sleep(attempt < 6 ? '1h' : '1s');
        },
        { maxCrashes: 2 },
      );
      let life = await host.start(agent);
      triggers$.next(1);
      for (let n = 0; n < 5; n++) {
        await clock.sleep('1m');
        await life.stop();
        life = await host.start(agent);
      }
      await clock.sleep('1m');
      expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
      expect(host.health.status).toBe('good');
    }),
  );

  const deadly = memoryStore();
  it(
    'is tried when that is kept: what ends the process at once is counted, too',
    marbleTest(
      async ({ start, clock, crash }) => {
        const triggers$ = new Subject<number>();
        const counted: unknown[] = [];
        start(
          shop(triggers$, async (_order, { sleep }) => {
            const kept = [...deadly.entries('test')].find(([key]) => key.startsWith('shop/job/'));
            counted.push(kept?.[1]);
            await sleep('1h');
          }),
        );
        await clock.sleep(0);
        triggers$.next(1);
        for (let life = 1; life <= 2; life++) crash(life * 1000);
        await clock.sleep('10s');
        expect(counted).toEqual([
          [[1], 1],
          [[1], 2, 1],
          [[1], 3, 2],
        ]);
      },
      { store: deadly },
    ),
  );
});

describe('a trigger that comes while its agent stops', () => {
  const note = topic('notes', z.number());

  const store = memoryStore();
  it(
    'is kept for the next life, wherever it comes from; what stop$ brings is run',
    marbleTest(
      async ({ host, bus, clock }) => {
        const seen: string[] = [];
        const triggers$ = new Subject<string>();
        const agent = defineAgent({
          name: 'shop',
          stopTimeout: '10s',
          streams: ({ handle, bus: own, lifecycle }) => ({
            notes$: own
              .messages(note)
              .pipe(
                handle.concat(async ({ payload }) => void seen.push(`note ${payload}`), { durable: 'notes' }),
              ),
            done$: triggers$.pipe(
              handle.concat(
                async (what, { sleep }) => {
                  await sleep('1h');
                  seen.push(what);
                },
                { durable: 'orders' },
              ),
            ),
            drained$: triggers$.pipe(
              handle.merge(
                async (what, { sleep }) => {
                  await sleep('2s');
                  return what;
                },
                { onStop: 'drain' },
              ),
              handle.concat(async (what) => void seen.push(`${what} is drained`), { durable: 'drained' }),
            ),
            stopped$: lifecycle.stop$.pipe(
              handle.concat(
                async (_event, { sleep }) => {
                  await sleep('3s');
                  seen.push('stopped');
                },
                { durable: 'goodbye' },
              ),
            ),
          }),
        });
        const first = await host.start(agent);
        triggers$.next('a');
        await clock.sleep(1);
        const stopped = first.stop();
        await clock.sleep('1s');
        bus.publish(note, 7);
        triggers$.next('b');
        await stopped;
        // The plain handler drains until 3001, and then stop$ comes.
        expect(clock.now()).toBe(6001);
        expect(seen).toEqual(['stopped']);
        expect(
          [...store.entries('test').keys()]
            .map((key) => key.split('/').slice(1, 3).join(' '))
            .filter((key) => key.startsWith('job'))
            .sort(),
        ).toEqual(['job drained', 'job drained', 'job notes', 'job orders', 'job orders']);
        await host.start(agent);
        await clock.sleep('3h');
        expect(seen).toEqual(['stopped', 'note 7', 'a is drained', 'b is drained', 'a', 'b']);
      },
      { store },
    ),
  );
});
