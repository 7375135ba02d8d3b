import {
  asyncScheduler,
  concatMap,
  firstValueFrom,
  interval,
  map,
  NEVER,
  of,
  skip,
  Subject,
  take,
  tap,
  timer,
} from 'rxjs';
import { cron, defineAgent, every, type Run } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { heapInUse } from '../../support/memory';
import { failureOf } from '../support/failureOf';

const asserted = { assertsElsewhere: true };

const ticker = defineAgent({
  name: 'ticker',
  streams: ({ lifecycle, time, handle }) => ({
    tick$: lifecycle.start$.pipe(
      time.every('1s'),
      handle.concat(async ({ index }) => index),
    ),
  }),
});

describe('time', () => {
  it('runs to the last frame that an expectation names, and no repeating timer of an agent is seen beyond', async () => {
    const seen: number[] = [];
    const { endedAt } = await runMarbles(({ start, expectObservable }) => {
      const { tick$ } = start(ticker).streams;
      tick$.subscribe((tick) => seen.push(tick));
      interval(700).subscribe(() => undefined);
      expectObservable(tick$).toBe('1s a 999ms b', { a: 1, b: 2 });
    });
    expect(seen).toEqual([1, 2]);
    expect(endedAt).toBe(2000);
  });

  it('stops at once where nothing is expected of repeating timers', async () => {
    const { endedAt } = await runMarbles(({ start }) => void start(ticker), asserted);
    expect(endedAt).toBe(0);
  });

  it(
    'compares an interval without an end up to the last frame that is named, as nobody can under TestScheduler',
    marbleTest(({ expectObservable }) => {
      expectObservable(interval(10)).toBe('10ms a 9ms b', { a: 0, b: 1 });
      expectObservable(timer(0, 20)).toBe('a 19ms b', { a: 0, b: 1 });
      expectObservable(NEVER).toBe('');
    }),
  );

  it.each([
    ['every', of('a').pipe(every('1s'))],
    ['every, on asyncScheduler by name', of('a').pipe(every('1s', {}, asyncScheduler))],
    ['cron', of('a').pipe(cron('* * * * * *', { zone: 'UTC' }))],
  ])('does not run on for what repeats in no agent: %s', async (_what, ticks$) => {
    const { endedAt } = await runMarbles(({ expectObservable }) => {
      expectObservable(ticks$.pipe(map(({ index }) => index))).toBe('1s a 999ms b', { a: 1, b: 2 });
    });
    expect(endedAt).toBe(2000);
  });

  it('sees an interval that ends by itself to its end', async () => {
    const seen: number[] = [];
    await runMarbles(
      () =>
        void interval(10)
          .pipe(
            take(500),
            tap((n) => seen.push(n)),
          )
          .subscribe(),
      asserted,
    );
    expect(seen).toHaveLength(500);
    const { error } = await failureOf(({ expectObservable }) => {
      expectObservable(interval(10).pipe(take(3))).toBe('10ms a 9ms b', { a: 0, b: 1 });
    });
    expect(error.message).toContain('2 at 30ms was not expected');
  });

  it('runs until `until`, whatever goes on', async () => {
    const seen: unknown[] = [];
    const { endedAt, inFlight } = await runMarbles(
      ({ start }) => {
        start(ticker).streams.tick$.subscribe((tick) => seen.push(tick));
      },
      { ...asserted, until: '3500ms' },
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(endedAt).toBe(3500);
    expect(inFlight).toEqual([
      { kind: 'timer', agent: 'ticker', stream: 'tick$', timer: 'every', due: 4000 },
    ]);
  });

  it('says so if the body has not ended by `until`', async () => {
    const { error } = await failureOf(({ clock }) => clock.sleep('2h'), { until: '1h' });
    expect(error.message).toContain('The body had not ended at 1h, where `until` ends the test.');
  });

  it('waits for a body that waits for a repeating timer, or sleeps for long', async () => {
    await marbleTest(async ({ start, clock }) => {
      expect(await firstValueFrom(start(ticker).streams.tick$.pipe(skip(999)))).toBe(1000);
      expect(Date.now()).toBe(1_000_000);
      interval(1).pipe(take(50_000)).subscribe();
      await clock.sleep('50s');
    })();
    const { endedAt } = await runMarbles(({ clock }) => clock.sleep('30d'), { ...asserted, maxInstants: 1 });
    expect(endedAt).toBe(30 * 24 * 3_600_000);
  });

  it('goes to the instant of a stall, and on from there', async () => {
    const ticks: unknown[] = [];
    await runMarbles(
      async ({ start, host, clock }) => {
        start(
          defineAgent({
            name: 'grid',
            streams: ({ lifecycle, time }) => ({ tick$: lifecycle.start$.pipe(time.every('100ms')) }),
          }),
        );
        host.outputs$.subscribe(({ value }) => ticks.push([value, clock.now()]));
        await clock.sleep(150);
        clock.stall('1s');
        await clock.sleep(100);
      },
      { ...asserted, startTime: 0 },
    );
    expect(ticks).toEqual([
      [{ at: 100, index: 1, missed: 0 }, 100],
      [{ at: 1100, index: 11, missed: 9 }, 1150],
      [{ at: 1200, index: 12, missed: 0 }, 1200],
    ]);
  });

  it('begins where it is told, for the wall clock', async () => {
    const daily = defineAgent({
      name: 'daily',
      streams: ({ lifecycle, time }) => ({
        at$: lifecycle.start$.pipe(time.cron('0 8 * * *', { zone: 'UTC' })),
      }),
    });
    await runMarbles(
      ({ start, expectObservable }) => {
        expectObservable(start(daily).streams.at$).toBe('5m a', {
          a: { at: Date.UTC(2024, 2, 1, 8), index: 1, missed: 0 },
        });
      },
      { startTime: '2024-03-01T07:55:00Z' },
    );
  });
});

describe('a chain without an end is stopped and named', () => {
  const recursion = (delay: number) => {
    const again = (): void => void setTimeout(again, delay);
    again();
  };
  const asyncRecursion = async (): Promise<void> => {
    await Promise.resolve();
    setTimeout(() => void asyncRecursion(), 0);
  };
  const schedulerRecursion = (): void => {
    asyncScheduler.schedule(function () {
      this.schedule(undefined, Number(this.closed));
    });
  };
  const looper = defineAgent({
    name: 'looper',
    streams: ({ lifecycle, handle }) => ({
      loop$: lifecycle.start$.pipe(
        handle.switch(async (_event, { sleep }) => {
          for (;;) await sleep('1s');
        }),
      ),
    }),
  });

  const echo: Parameters<typeof failureOf>[0] = ({ start }) => {
    const again$ = new Subject<string>();
    const { streams } = start(
      defineAgent({
        name: 'echo',
        streams: ({ time }) => ({ echoed$: again$.pipe(time.after('1s', { key: (word) => word })) }),
      }),
    );
    streams.echoed$.subscribe(again$);
    again$.next('hello');
  };

  it.each<[string, Parameters<typeof failureOf>[0], string]>([
    ['a wait of a key that is its own trigger', echo, 'after() for '],
    ['a recursion of setTimeout', () => recursion(10), 'setTimeout for '],
    ['one without a delay', () => recursion(0), 'setTimeout for 0ms'],
    ['one without a delay behind an await', () => void asyncRecursion(), 'setTimeout for 0ms'],
    ["a recursion of RxJS's scheduler", () => schedulerRecursion(), 'setInterval for 0ms'],
    ['an interval without a delay', () => void setInterval(() => undefined, 0), 'setInterval for 0ms'],
    [
      'a run that sleeps over and over',
      ({ start }) => void start(looper),
      'looper.loop$: handler loop$, run 1',
    ],
  ])('%s', async (_what, body, named) => {
    const { error, cpuMs } = await failureOf(body, { maxInstants: 20_000 });
    expect(error.code).toBe('marble-endless');
    expect(error.message).toContain('Endless: at ');
    expect(error.message).toContain(named);
    expect(cpuMs).toBeLessThan(2000);
  });
});

describe('what a repeating timer has led to', () => {
  it.each(['concat', 'merge'] as const)(
    'does not hold up the end where it waits in a queue of %s',
    async (policy) => {
      const slow = defineAgent({
        name: 'slow',
        streams: ({ lifecycle, time, handle }) => {
          const work = async ({ index }: { readonly index: number }, { sleep }: Pick<Run, 'sleep'>) => {
            await sleep('15ms');
            return index;
          };
          return {
            done$: lifecycle.start$.pipe(
              time.every('10ms'),
              policy === 'concat' ? handle.concat(work) : handle.merge(work, { concurrency: 1 }),
            ),
          };
        },
      });
      const { endedAt } = await runMarbles(({ start, expectObservable }) => {
        expectObservable(start(slow).streams.done$).toBe('25ms a 14ms b', { a: 1, b: 2 });
      });
      expect(endedAt).toBe(40);
    },
  );

  it('does not hold up the end where it is tried again and again', async () => {
    const failing = defineAgent({
      name: 'failing',
      streams: ({ lifecycle, time, handle }) => ({
        done$: lifecycle.start$.pipe(
          time.every('1s'),
          handle.exhaust(
            async (_tick, { sleep }) => {
              await sleep('100ms');
              throw new Error('not today');
            },
            { retry: { count: Infinity, backoff: '1s' } },
          ),
        ),
      }),
    });
    const { endedAt } = await runMarbles(({ start, expectObservable }) => {
      expectObservable(start(failing).streams.done$, '5s !').toBe('5s -');
    });
    expect(endedAt).toBeLessThan(10_000);
  });
});

describe('the stop at the end', () => {
  it('comes when the expectations have been read, and leaves nothing', async () => {
    const phases: string[] = [];
    await runMarbles(
      ({ start, expectObservable, expectHandlers }) => {
        const agent = start(
          defineAgent({
            name: 'sleeper',
            streams: ({ lifecycle, handle }) => ({
              woken$: lifecycle.start$.pipe(handle.switch(async (_event, { sleep }) => sleep('1d'))),
            }),
          }),
        );
        agent.state$.subscribe((phase) => phases.push(phase));
        expectObservable(agent.streams.woken$, '^ 1s !').toBe('');
        expectHandlers('sleeper', 'woken$').toBe('s 1d'.slice(0, 1));
      },
      { until: '1s' },
    );
    expect(phases.slice(-3)).toEqual(['stopping', 'finish', 'stopped']);
  });

  it('names a handler that takes no notice of its abort', async () => {
    const { error } = await failureOf(({ start, cold, expectObservable }) => {
      start(
        defineAgent({
          name: 'stubborn',
          streams: ({ lifecycle, handle }) => ({
            never$: lifecycle.start$.pipe(
              handle.switch(async function wait() {
                await new Promise(() => undefined);
              }),
            ),
          }),
        }),
      );
      expectObservable(cold('a')).toBe('a');
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The marble test failed (seed 7).

      The stop at the end left something behind:
        stubborn.never$: handler wait, run 1 since 0ms, aborted but not ended, waiting for a promise of its own (if that is of something foreign, say so: external(promise))

      in flight at 0ms:
        stubborn.never$: handler wait, run 1 since 0ms, waiting for a promise of its own (if that is of something foreign, say so: external(promise))"
    `);
  });

  it('lets a handler close what it has open', async () => {
    const { readFile } = await import('node:fs/promises');
    let isClosed = false;
    await marbleTest(
      ({ start, expectObservable }) => {
        const reader = defineAgent({
          name: 'reader',
          streams: ({ lifecycle, handle }) => ({
            open$: lifecycle.start$.pipe(
              handle.switch(async (_event, { sleep }) => {
                try {
                  await sleep('1d');
                } finally {
                  await readFile(__filename);
                  await readFile(__filename);
                  isClosed = true;
                }
              }),
            ),
          }),
        });
        expectObservable(start(reader).streams.open$, '^ 1s !').toBe('');
      },
      { until: '2s' },
    )();
    expect(isClosed).toBe(true);
  });
});

describe('long tests', () => {
  it('run a day of 200 agents with a tick a minute, and do not grow [B36]', async () => {
    let ticks = 0;
    const before = heapInUse();
    const { trace } = await runMarbles(
      ({ start }) => {
        for (let index = 0; index < 200; index++) {
          const agent = defineAgent({
            name: `agent-${index}`,
            streams: ({ lifecycle, time, handle }) => ({
              done$: lifecycle.start$.pipe(
                time.every('1m'),
                handle.switch(async (tick) => tick.index),
              ),
            }),
          });
          start(agent).streams.done$.subscribe(() => ticks++);
        }
      },
      { ...asserted, until: '24h' },
    );
    expect(ticks).toBe(200 * 24 * 60);
    expect(trace.length).toBeLessThanOrEqual(4000);
    expect(heapInUse() - before).toBeLessThan(20_000_000);
  });

  it('stop at their end, however many tasks have run by then', async () => {
    let count = 0;
    await runMarbles(
      ({ start }) => {
        for (let index = 0; index < 50; index++)
          start(
            defineAgent({
              name: `ticker-${index}`,
              streams: ({ lifecycle, time }) => ({
                tick$: lifecycle.start$.pipe(
                  time.every('1s'),
                  tap(() => count++),
                ),
              }),
            }),
          );
      },
      { ...asserted, until: '11000s' },
    );
    expect(count).toBe(550_000);
  });

  it('may have any number of tasks for one instant', async () => {
    let count = 0;
    await runMarbles(() => {
      for (let index = 0; index < 510_000; index++) setTimeout(() => count++, 5);
    }, asserted);
    expect(count).toBe(510_000);
  });

  it('do not cost more a sleep of the body when there are many', async () => {
    const costOf = async (sleeps: number) => {
      const start = process.cpuUsage();
      await runMarbles(
        ({ clock }) => Promise.all(Array.from({ length: sleeps }, (_, at) => clock.sleep(at + 1))),
        asserted,
      );
      return process.cpuUsage(start).user / sleeps;
    };
    await costOf(1000);
    const few = await costOf(2000);
    expect(await costOf(20_000)).toBeLessThan(few * 5);
  });

  it('do not cost more a stream of an agent when there are many', async () => {
    const costOf = async (count: number) => {
      const before = process.cpuUsage();
      await runMarbles(({ start }) => {
        start(
          defineAgent({
            name: 'many',
            streams: ({ lifecycle, time }) =>
              Object.fromEntries(
                Array.from({ length: count }, (_, at) => [
                  `${at}$`,
                  lifecycle.start$.pipe(time.after(at + 1)),
                ]),
              ),
          }),
        );
      }, asserted);
      return process.cpuUsage(before).user / count;
    };
    await costOf(1000);
    const few = await costOf(2000);
    expect(await costOf(20_000)).toBeLessThan(few * 5);
  });

  it(
    'keep thousands of timers for one instant in order',
    marbleTest(async ({ clock }) => {
      const seen: number[] = [];
      for (let index = 0; index < 10_000; index++) setTimeout(() => seen.push(index), 10);
      for (let index = 0; index < 10_000; index++) clearTimeout(setTimeout(() => seen.push(-1), 10));
      await clock.sleep(10);
      expect(seen).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
      await firstValueFrom(timer(5).pipe(concatMap(() => timer(5))));
      expect(clock.now()).toBe(20);
    }),
  );
});
