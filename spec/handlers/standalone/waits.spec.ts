import { readFile } from 'node:fs/promises';
import {
  firstValueFrom,
  interval,
  lastValueFrom,
  type Observable,
  of,
  queueScheduler,
  Subject,
  toArray,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { every, handle, liveClock, type LogFields, type Offloader, Scheduler } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { failsAfter } from '../support/expectRuns';

const quiet = (): undefined => undefined;

describe('A run without an agent', () => {
  it(
    'waits by next, each, retry and sleep on the time of a marble test',
    marbleTest(({ hot, expectObservable }) => {
      const values$ = hot('-a-b-c-|');
      const once = hot('s').pipe(handle.switch((_start, { next }) => next(values$)));
      const all = hot('s').pipe(
        handle.switch(async function* (_start, { each }) {
          for await (const value of each(values$)) yield value.toUpperCase();
        }),
      );
      const third = hot('s').pipe(
        handle.switch(async (_start, { retry, sleep, now }) => {
          const start = now();
          await retry(
            async (attempt) => {
              await sleep(1);
              if (attempt < 3) throw new Error('again');
            },
            { count: 2, backoff: 2, factor: 1 },
          );
          return String(now() - start);
        }),
      );
      expectObservable(once).toBe('-a');
      expectObservable(all).toBe('-A-B-C-');
      expectObservable(third).toBe('-------r', { r: '7' });
    }),
  );

  it(
    'says where a wait has come to nothing',
    marbleTest(async ({ hot, clock }) => {
      const told: unknown[] = [];
      hot('s')
        .pipe(handle.switch((_start, { next }) => next(new Subject(), { what: 'the reply', timeout: 5 })))
        .subscribe({ error: (error: unknown) => told.push(error) });
      await clock.sleep(10);
      expect(told).toMatchObject([
        {
          code: 'wait-timeout',
          agent: undefined,
          message: expect.stringMatching(/^handle\.switch: next of the reply: nothing came within 5ms\./),
        },
      ]);
    }),
  );

  it.each(['external', 'an await of its own'] as const)('holds the time of a marble test for %s', (how) =>
    marbleTest(({ hot, expectObservable }) => {
      const read$ = hot('s').pipe(
        handle.switch(async (_start, { external, sleep, now }) => {
          const start = now();
          const reading = readFile(__filename, 'utf8');
          const text = how === 'external' ? await external(reading) : await reading;
          await sleep(3);
          return text.length > 0 ? now() - start : -1;
        }),
      );
      expectObservable(read$).toBe('---r', { r: 3 });
    })(),
  );

  it('spreads its retries by the seed of a marble test', async () => {
    const instants = async (): Promise<number> => {
      let at = 0;
      await marbleTest(
        async ({ hot, clock }) => {
          const failed = new Subject<void>();
          hot('s')
            .pipe(handle.switch(failsAfter(0), { retry: { count: 1, backoff: '1m', jitter: 1 } }))
            .subscribe({
              error: () => {
                at = clock.now();
                failed.next();
              },
            });
          await firstValueFrom(failed);
          expect(at).toBeGreaterThan(0);
        },
        { seed: 7 },
      )();
      return at;
    };
    expect(await instants()).toBe(await instants());
  });

  it('is aborted at the end of a marble test that leaves it subscribed', async () => {
    let signal: AbortSignal | undefined;
    await marbleTest(async ({ hot, clock }) => {
      hot('s')
        .pipe(
          handle.switch((_start, run) => {
            ({ signal } = run);
            return run.next(new Subject());
          }),
        )
        .subscribe();
      await clock.sleep(1);
      expect(signal?.aborted).toBe(false);
    })();
    expect(signal?.aborted).toBe(true);
  });

  it('logs with its operator and run, by the log that it is given', async () => {
    const lines: unknown[] = [];
    const note = (message: string, fields?: LogFields) => lines.push([message, fields]);
    const log = { debug: note, info: note, warn: note, error: note };
    await lastValueFrom(
      of('a').pipe(
        handle.switch(
          async (trigger, run) => {
            run.log.info(`seen ${trigger}`, { attempt: run.attempt });
          },
          { log },
        ),
      ),
    );
    expect(lines).toEqual([['seen a', { stream: 'handle.switch', run: 1, attempt: 1 }]]);
  });

  it('offloads to the pool that its operator is given', async () => {
    const offload: Offloader = {
      run: (work, args) => Promise.resolve((work as (...all: unknown[]) => unknown)(...args)),
      close: () => Promise.resolve(),
    };
    const doubled$ = of(2, 3).pipe(
      handle.concat((value, run) => run.offload((given: number) => given * 2, [value]), { offload }),
      toArray(),
    );
    expect(await lastValueFrom(doubled$)).toEqual([4, 6]);
  });

  it('waits on the scheduler of RxJS’s own marble tests', () => {
    new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    }).run(({ hot, cold, expectObservable }) => {
      const operator = handle.switch(() => cold('---x|'), {
        timeout: 2,
        onError: 'continue',
        onFailure: quiet,
      });
      expectObservable(hot('a').pipe(operator)).toBe('-');
      expectObservable(hot('a').pipe(handle.switch(() => cold('---x|'), { timeout: 5 }))).toBe('---x');
    });
  });

  it('does not mind a scheduler that runs at once what is due at once', async () => {
    const slept$ = of('a', 'b').pipe(
      handle.concat(
        async (trigger, { sleep }) => {
          await sleep(0);
          return trigger;
        },
        { scheduler: queueScheduler },
      ),
      toArray(),
    );
    expect(await lastValueFrom(slept$)).toEqual(['a', 'b']);
    const retried$ = of('a').pipe(
      handle.switch(
        async (trigger, { attempt }) => {
          if (attempt === 1) throw new Error('again');
          return trigger;
        },
        { scheduler: queueScheduler, retry: { count: 1, backoff: 0 } },
      ),
    );
    expect(await lastValueFrom(retried$)).toBe('a');
  });

  it('works on a scheduler of the kit, in real time as well', async () => {
    const scheduler = new Scheduler(liveClock());
    const result$ = of('a').pipe(
      handle.switch(
        async (trigger, { sleep }) => {
          await sleep(1);
          return trigger;
        },
        { scheduler },
      ),
    );
    expect(await lastValueFrom(result$)).toBe('a');
  });
});

describe('The end of a marble test', () => {
  it('waits for a run in no agent, however long it takes', async () => {
    const { endedAt } = await runMarbles(
      ({ hot }) => {
        hot('a')
          .pipe(handle.switch((_trigger, { sleep }) => sleep('30d')))
          .subscribe();
      },
      { assertsElsewhere: true },
    );
    expect(endedAt).toBe(30 * 24 * 3_600_000);
  });

  it.each<[string, Observable<unknown>]>([
    ['every', of('a').pipe(every('1s'))],
    ['interval', interval(1000)],
  ])('does not wait for the runs that %s goes on causing, as with those of an agent', (_what, trigger$) =>
    marbleTest(({ expectObservable }) => {
      const result$ = trigger$.pipe(
        handle.merge(
          async (_tick, { sleep }) => {
            await sleep('700ms');
            await sleep('800ms');
            return 'x';
          },
          { timeout: '1m' },
        ),
      );
      expectObservable(result$).toBe('2500ms x 999ms x');
    })(),
  );
});
