import { type AgentError, defineAgent, memoryStore, type Run } from 'rx-agent-kit';
import { everyCrash, marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';

const reminder = defineAgent({
  name: 'reminder',
  streams: ({ lifecycle, time, handle }) => ({
    reminded$: lifecycle.start$.pipe(
      time.after('60m', { durable: 'reminder' }),
      handle.concat(async () => 'now', { durable: 'remind' }),
    ),
  }),
});

describe('crash', () => {
  it(
    'lets a durable timer keep its instant',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(reminder);
      crash('10m', { down: '30m' });
      expectObservable(streams.reminded$).toBe('60m a', { a: 'now' });
    }),
  );

  it(
    'is over before all else that happens at its instant',
    marbleTest(({ start, crash, expectObservable }) => {
      const { streams } = start(reminder);
      crash('60m', { down: '1m' });
      expectObservable(streams.reminded$).toBe('61m a', { a: 'now' });
    }),
  );

  it(
    'forgets a plain timer, which its start arms anew',
    marbleTest(({ start, crash, expectObservable }) => {
      const plain = defineAgent({
        name: 'plain',
        streams: ({ lifecycle, time }) => ({
          tick$: lifecycle.start$.pipe(time.after('10s')),
        }),
      });
      const { streams } = start(plain);
      crash('4s', { down: '1s' });
      expectObservable(streams.tick$).toBe('15s a', {
        a: { type: 'start', agent: 'plain', at: 5000 },
      });
    }),
  );

  it(
    'stops nothing: no handler hears of it, and none goes on',
    marbleTest(async ({ start, crash, clock, host }) => {
      const heard: string[] = [];
      const hot$ = new Subject<number>();
      const work = async (what: string, wait: (run: Run) => Promise<unknown>, run: Run) => {
        run.signal.addEventListener('abort', () => heard.push(`${what} aborted`));
        try {
          await wait(run);
          heard.push(`${what} went on at ${run.now()}`);
        } catch {
          heard.push(`${what} threw`);
        } finally {
          heard.push(`${what} cleaned up`);
        }
      };
      let life = 0;
      start(
        defineAgent({
          name: 'busy',
          streams: ({ lifecycle, handle }) => {
            if (++life > 1) return {};
            lifecycle.stop$.subscribe(() => heard.push('stop$'));
            lifecycle.finish$.subscribe(() => heard.push('finish$'));
            return {
              sleep$: lifecycle.start$.pipe(
                handle.concat((_e, run) => work('sleep', (r) => r.sleep('5s'), run)),
              ),
              next$: lifecycle.start$.pipe(
                handle.concat((_e, run) => work('next', (r) => r.next(hot$), run)),
              ),
              each$: lifecycle.start$.pipe(
                handle.concat((_e, run) =>
                  work(
                    'each',
                    async (r) => {
                      for await (const value of r.each(hot$)) heard.push(`each ${value}`);
                    },
                    run,
                  ),
                ),
              ),
            };
          },
        }),
      );
      await clock.sleep('1s');
      hot$.next(1);
      crash('2s', { down: '1s' });
      await clock.sleep('3s');
      hot$.next(2);
      await clock.sleep('10s');
      expect(heard).toEqual(['next went on at 1000', 'next cleaned up', 'each 1']);
      expect(life).toBe(2);
      expect(host.agents.get('busy')?.state).toBe('ready');
      expect(hot$.observed).toBe(false);
    }),
  );

  it(
    'marks what was in flight in the diagram, and draws the next life behind it',
    marbleTest(({ start, crash, expectHandlers }) => {
      start(
        defineAgent({
          name: 'slow',
          streams: ({ lifecycle, handle }) => ({
            x$: lifecycle.start$.pipe(handle.concat((_e, { sleep }) => sleep(5), { durable: 'x' })),
          }),
        }),
      );
      crash(3, { down: 4 });
      expectHandlers('slow', 'x$').toBe('s--x---s----e');
    }),
  );

  it(
    'starts what host.start and host.startAll have started, in their order, and what had been stopped not',
    marbleTest(async ({ host, crash, clock }) => {
      const starts: string[] = [];
      const agent = (name: string, needs: string[] = []) =>
        defineAgent({
          name,
          needs,
          streams: ({ lifecycle }) => {
            lifecycle.start$.subscribe(({ at }) => starts.push(`${name} ${at}`));
            return {};
          },
        });
      await host.start(agent('a'));
      await host.startAll([agent('c', ['b']), agent('b')]);
      const d = await host.start(agent('d'));
      await d.stop();
      crash('1s', { down: '1s' });
      await clock.sleep('3s');
      expect(starts).toEqual(['a 0', 'b 0', 'c 0', 'd 0', 'a 2000', 'b 2000', 'c 2000']);
    }),
  );

  it(
    'lets whoever waits for what is kept know that it is not',
    marbleTest(async ({ start, host, crash, clock }) => {
      const orders$ = new Subject<number>();
      start(
        defineAgent({
          name: 'shop',
          streams: ({ handle }) => ({
            x$: orders$.pipe(handle.concat(async () => 1, { durable: 'orders' })),
          }),
        }),
      );
      await clock.sleep('1s');
      crash('2s');
      await clock.sleep('1s');
      const kept = host.kept().then(
        () => 'kept',
        (error: unknown) => (error as AgentError).code,
      );
      expect(await kept).toBe('kept');
    }),
  );

  it('keeps to a store that is given', async () => {
    const store = memoryStore();
    const count = defineAgent({
      name: 'count',
      state: z.object({ n: z.number().default(0) }),
      streams: ({ lifecycle, state }) => {
        lifecycle.start$.subscribe(() => state.update(({ n }) => ({ n: n + 1 })));
        return { n$: state.state$ };
      },
    });
    await runMarbles(
      ({ start, crash, expectObservable }) => {
        crash('1s', { down: '1s' });
        crash('4s', { down: '1s' });
        expectObservable(start(count).streams.n$).toBe('(ab) 1996ms (bc) 2996ms (cd)', {
          a: { n: 0 },
          b: { n: 1 },
          c: { n: 2 },
          d: { n: 3 },
        });
      },
      { store },
    );
    await runMarbles(
      ({ start, expectObservable }) => {
        expectObservable(start(count).streams.n$).toBe('(de)', { d: { n: 3 }, e: { n: 4 } });
      },
      { store },
    );
  });

  it('refuses an instant that has passed, and what is no option', async () => {
    await expect(
      runMarbles(async ({ crash, clock }) => {
        await clock.sleep(10);
        crash(5);
      }),
    ).rejects.toMatchObject({ code: 'bad-option' });
    await expect(
      runMarbles(({ crash }) => {
        crash(5, { donw: 1 } as never);
      }),
    ).rejects.toThrow(/did you mean "down"/);
  });
});

describe('everyCrash', () => {
  it(
    'holds for a durable reminder, wherever the process ends',
    everyCrash(({ start, expectObservable }) => {
      expectObservable(start(reminder).streams.reminded$).toBe('60m a', { a: 'now' });
    }),
  );

  const shop = (charges: string[], isDurable: boolean) =>
    defineAgent({
      name: 'shop',
      streams: ({ lifecycle, handle }) => ({
        shipped$: lifecycle.start$.pipe(
          handle.concat(
            async (_event, run) => {
              const charge = async () => void charges.push(run.key);
              if (isDurable) await run.step('charge', charge);
              else await charge();
              await run.sleep('2d', { step: 'cool off' });
              return 'shipped';
            },
            { durable: 'orders' },
          ),
        ),
      }),
    });

  it(
    'holds for an order that is charged, cools off and is shipped',
    everyCrash(({ start, expectObservable }) => {
      const charges: string[] = [];
      const { shipped$ } = start(shop(charges, true)).streams;
      expectObservable(shipped$).toBe('2d a', { a: 'shipped' });
      shipped$.subscribe(() => {
        expect(new Set(charges).size).toBe(1);
      });
    }),
  );

  it('says at which commit it was that something does not hold', async () => {
    let runs = 0;
    const test = everyCrash(async ({ start, clock }) => {
      runs++;
      const charges: string[] = [];
      start(shop(charges, false));
      await clock.sleep('3d');
      expect(charges).toHaveLength(1);
    });
    await expect(test()).rejects.toThrow(/With a crash right after commit 1 of \d:.*toHaveLength/s);
    expect(runs).toBe(3);
  });
});
