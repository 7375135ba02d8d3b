import { defineAgent, memoryStore, topic, type AgentError, type Run } from 'rx-agent-kit';
import { everyCrash, marbleTest, runMarbles, type MarbleHelpers } from 'rx-agent-kit/testing';
import { firstValueFrom, map, Subject } from 'rxjs';
import { z } from 'zod';

/** An agent that does something for a job that its first start brings. */
const worker = <R>(work: (run: Run) => Promise<R>) =>
  defineAgent({
    name: 'worker',
    streams: ({ lifecycle, handle }) => ({
      done$: lifecycle.start$.pipe(handle.concat((_event, run) => work(run), { durable: 'work' })),
    }),
  });

describe('run.step', () => {
  it(
    'gives what it gave before, when the run is repeated',
    marbleTest(async ({ start, crash, clock }) => {
      const done: string[] = [];
      const { streams } = start(
        worker(async (run) => {
          const a = await run.step('a', async () => {
            done.push(`a in attempt ${run.attempt}`);
            return { n: run.attempt };
          });
          await run.sleep('10s');
          const b = await run.step('b', async () => {
            done.push(`b in attempt ${run.attempt}`);
            return run.attempt;
          });
          return [a, b];
        }),
      );
      const result = firstValueFrom(streams.done$);
      crash('5s', { down: '1s' });
      expect(await result).toEqual([{ n: 1 }, 2]);
      expect(done).toEqual(['a in attempt 1', 'b in attempt 2']);
      expect(clock.now()).toBe(16_000);
    }),
  );

  it(
    'is given again in a retry of the same process, too; what has failed is not kept',
    marbleTest(({ start, expectObservable }) => {
      let calls = 0;
      const { streams } = start(
        defineAgent({
          name: 'worker',
          streams: ({ lifecycle, handle }) => ({
            done$: lifecycle.start$.pipe(
              handle.concat(
                async (_event, { step, attempt }) => {
                  await step('once', async () => ++calls);
                  return step('flaky', async () => {
                    if (attempt === 1) throw new Error('no');
                    return [calls, attempt];
                  });
                },
                { durable: 'work', retry: { count: 1, backoff: '1s' } },
              ),
            ),
          }),
        }),
      );
      expectObservable(streams.done$).toBe('1s a', { a: [1, 2] });
    }),
  );

  it('is kept before it resolves, however slow the store is', async () => {
    const store = memoryStore();
    store.behave({ slow: '2s' });
    await runMarbles(
      ({ start, expectObservable }) => {
        const { streams } = start(worker(async (run) => run.step('a', async () => 'x')));
        // The job is kept at 2s, its step at 4s, and its end at 6s.
        expectObservable(streams.done$).toBe('6s x');
      },
      { store },
    );
  });

  it.each([
    ['no JSON', async (run: Run) => run.step('a', async () => new Map()), 'cannot-keep'],
    [
      'a name twice',
      async (run: Run) => [await run.step('a', async () => 1), await run.step('a', async () => 2)],
      'bad-option',
    ],
    ['a name without characters', async (run: Run) => run.step('', async () => 1), 'bad-option'],
    ['a name without end', async (run: Run) => run.step('x'.repeat(2000), async () => 1), 'bad-option'],
    ['no function', async (run: Run) => run.step('a', 1 as never), 'bad-option'],
  ])('refuses %s', async (_what, work, code) => {
    const { errors } = await runMarbles(({ start, expectObservable }) => {
      expectObservable(start(worker(work)).streams.done$).toBe('---');
    });
    expect(errors.map(({ cause }) => (cause as AgentError).code)).toEqual([code]);
  });

  it('takes what gives nothing, and any name', async () => {
    await runMarbles(({ start, crash, expectObservable }) => {
      let calls = 0;
      const names = ['a/b', 'ü€😀', '\uD800', '__proto__', '!', ' '];
      const { streams } = start(
        worker(async ({ step, sleep }) => {
          const results: unknown[] = [];
          for (const name of names)
            results.push(
              await step(name, async () => {
                calls++;
              }),
            );
          await sleep(10);
          return [results, calls];
        }),
      );
      crash(5, { down: 5 });
      expectObservable(streams.done$).toBe('20ms a', { a: [names.map(() => undefined), names.length] });
    });
  });

  it('is refused in a run that is not durable, with what to write', async () => {
    const { errors } = await runMarbles(({ start, expectObservable }) => {
      const plain = defineAgent({
        name: 'plain',
        streams: ({ lifecycle, handle }) => ({
          a$: lifecycle.start$.pipe(handle.concat((_e, { step }) => step('a', async () => 1))),
          b$: lifecycle.start$.pipe(handle.concat(async (_e, run) => run.key)),
          c$: lifecycle.start$.pipe(handle.concat((_e, { sleep }) => sleep(1, { step: 'c' }))),
        }),
      });
      expectObservable(start(plain).streams.a$).toBe('---');
    });
    expect(errors.map(({ cause }) => (cause as AgentError).code)).toEqual(Array(3).fill('not-durable'));
    expect(errors[0]!.message).toMatch(/durable: 'a name'/);
  });

  it(
    'writes and reads by a schema',
    marbleTest(({ start, crash, expectObservable }) => {
      const schema = z.codec(z.string(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      });
      const { streams } = start(
        worker(async ({ step, sleep, attempt }) => {
          const at = await step('at', async () => new Date(attempt), { schema });
          await sleep(10);
          return at;
        }),
      );
      crash(5, { down: 5 });
      expectObservable(streams.done$).toBe('20ms a', { a: new Date(1) });
    }),
  );

  it('ends with its run; what its work gives after a stop is kept all the same', async () => {
    const store = memoryStore();
    let finish: (value: number) => void = () => {};
    const agent = worker((run) =>
      run.step('slow', () => new Promise<number>((resolve) => (finish = resolve))),
    );
    await runMarbles(
      async ({ host, clock }) => {
        const handle = await host.start(agent);
        await clock.sleep('1s');
        finish(7);
        await handle.stop();
        await host.kept();
        expect([...store.entries('test').keys()].filter((key) => key.includes('/step/'))).toHaveLength(1);
      },
      { store },
    );
    await runMarbles(
      ({ start, expectObservable }) => expectObservable(start(agent).streams.done$).toBe('a', { a: 7 }),
      {
        store,
      },
    );
    expect([...store.entries('test').keys()].filter((key) => /\/(step|job)\//.test(key))).toEqual([]);
  });
});

describe('run.sleep with a step', () => {
  it(
    'goes on where it was',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(
        worker(async ({ sleep }) => {
          await sleep('1h', { step: 'first' });
          await sleep('1h', { step: 'second' });
          return 'x';
        }),
      );
      crash('30m', { down: '10m' });
      crash('90m', { down: '40m' });
      expectObservable(streams.done$).toBe('130m x');
    }),
  );
});

describe('a wait with a step', () => {
  const approval = topic('approvals/:order', z.object({ by: z.string() }));

  it(
    'keeps the message that came',
    marbleTest(async ({ start, crash, bus, clock }) => {
      const { streams } = start(
        defineAgent({
          name: 'worker',
          streams: ({ lifecycle, handle, bus: mine }) => ({
            done$: lifecycle.start$.pipe(
              handle.concat(
                async (_event, { next, sleep }) => {
                  const { by } = await next(mine.messages(approval).pipe(map(({ payload }) => payload)), {
                    step: 'approval',
                  });
                  await sleep('10s');
                  return by;
                },
                { durable: 'work' },
              ),
            ),
          }),
        }),
      );
      const done = firstValueFrom(streams.done$);
      await clock.sleep('1s');
      bus.publish(approval.at({ order: '1' }), { by: 'Ada' });
      crash('5s', { down: '1s' });
      expect(await done).toBe('Ada');
      expect(clock.now()).toBe(16_000);
    }),
  );

  const asking = (never$: Subject<string>, ends: string[]) =>
    worker(async ({ next, sleep, now }) => {
      const said = await next(never$, { step: 'approval', timeout: '2d' }).catch(
        (error: unknown) => (error as AgentError).code,
      );
      ends.push(`${said} at ${now() / 3_600_000} h`);
      await sleep('1d');
      return said;
    });

  it(
    'goes on with its timeout where it was, and is over for good when that has passed',
    marbleTest(async ({ start, crash, clock }) => {
      const ends: string[] = [];
      start(asking(new Subject(), ends));
      crash('1d', { down: '12h' });
      crash('60h', { down: '1h' });
      await clock.sleep('5d');
      expect(ends).toEqual(['wait-timeout at 48 h', 'wait-timeout at 61 h']);
    }),
  );

  it(
    'times out at once when that was while nothing ran, and not when it came before',
    marbleTest(async ({ start, crash, clock }) => {
      const ends: string[] = [];
      const answers$ = new Subject<string>();
      start(asking(answers$, ends));
      crash('1d', { down: '2d' });
      await clock.sleep('73h');
      expect(ends).toEqual(['wait-timeout at 72 h']);
      answers$.next('too late');
      await clock.sleep('3d');
      expect(ends).toHaveLength(1);
    }),
  );

  it(
    'waits anew in a retry of the same process',
    marbleTest(({ start, expectObservable }) => {
      const answers$ = new Subject<string>();
      const { streams } = start(
        defineAgent({
          name: 'worker',
          streams: ({ lifecycle, time, handle }) => {
            lifecycle.start$.pipe(time.after('75s')).subscribe(() => answers$.next('yes'));
            return {
              done$: lifecycle.start$.pipe(
                handle.concat((_e, { next }) => next(answers$, { step: 'answer', timeout: '1m' }), {
                  durable: 'work',
                  retry: { count: 1, backoff: '10s', jitter: 0 },
                }),
              ),
            };
          },
        }),
      );
      expectObservable(streams.done$).toBe('75s a', { a: 'yes' });
    }),
  );

  it(
    'keeps what a promise has given',
    marbleTest(({ start, crash, expectObservable }) => {
      let calls = 0;
      const { streams } = start(
        worker(async ({ external, sleep }) => {
          const n = await external(Promise.resolve(++calls), { step: 'n' });
          await sleep('2s');
          return n;
        }),
      );
      crash('1s', { down: '1s' });
      expectObservable(streams.done$).toBe('4s 1', { 1: 1 });
    }),
  );
});

describe('every crash of a story with steps', () => {
  /** Charges, cools off, ships: the world outside knows what it has done by the key. */
  const story = (world: Map<string, string[]>, orders$: Subject<number>) =>
    defineAgent({
      name: 'shop',
      state: z.object({ shipped: z.array(z.number()).default([]) }),
      streams: ({ handle, state }) => ({
        shipped$: orders$.pipe(
          handle.concat(
            async (order, run) => {
              const act = (what: string) => async () => {
                const known = world.get(run.key) ?? [];
                if (!known.includes(what)) world.set(run.key, [...known, what]);
              };
              await run.step('charge', act(`charged ${order}`));
              await run.sleep('2d', { step: 'cool off' });
              await run.step('ship', act(`shipped ${order}`));
              state.update(({ shipped }) => ({ shipped: [...shipped, order] }));
              return order;
            },
            { durable: 'orders' },
          ),
        ),
        state$: state.state$,
      }),
    });

  async function place(
    { host }: Pick<MarbleHelpers, 'host'>,
    orders$: Subject<number>,
    order: number,
  ): Promise<void> {
    for (;;) {
      orders$.next(order);
      try {
        await host.kept();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  it(
    'charges and ships each order, and knows of it in the same turn',
    everyCrash(
      async (helpers) => {
        const world = new Map<string, string[]>();
        const orders$ = new Subject<number>();
        const { streams } = helpers.start(story(world, orders$));
        let shipped: readonly number[] = [];
        const values: number[] = [];
        streams.state$.subscribe((state) => (shipped = state.shipped));
        streams.shipped$.subscribe((order) => values.push(order));
        await helpers.clock.sleep(0);
        await place(helpers, orders$, 1);
        await place(helpers, orders$, 2);
        await helpers.clock.sleep('5d');
        expect([...world.values()]).toEqual([
          ['charged 1', 'shipped 1'],
          ['charged 2', 'shipped 2'],
        ]);
        expect(shipped).toEqual([1, 2]);
        expect(values).toEqual([1, 2]);
      },
      { down: '1h' },
    ),
  );
});
