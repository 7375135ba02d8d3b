import {
  createHost,
  defineAgent,
  memoryStore,
  silentLog,
  type AgentError,
  type MemoryStore,
} from 'rx-agent-kit';
import { marbleTest, runMarbles, type MarbleHelpers } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';

describe('a store that fails', () => {
  let store: MemoryStore;
  let orders$: Subject<number>;
  let done: string[];

  beforeEach(() => {
    store = memoryStore();
    orders$ = new Subject();
    done = [];
  });

  /** A durable shop beside a clock that has nothing durable. */
  function begin({ start, clock }: MarbleHelpers, buffer = 1000): void {
    start(
      defineAgent({
        name: 'shop',
        streams: ({ handle }) => ({
          x$: orders$.pipe(
            handle.concat(async (order) => void done.push(`${order} at ${clock.now()}`), {
              durable: 'x',
              buffer,
            }),
          ),
        }),
      }),
    );
    start(
      defineAgent({
        name: 'clock',
        streams: ({ lifecycle, time, handle }) => ({
          tick$: lifecycle.start$.pipe(
            time.every('1s'),
            handle.concat(async ({ index }) => void done.push(`tick ${index}`)),
          ),
        }),
      }),
    );
  }

  const run = (body: (helpers: MarbleHelpers) => Promise<unknown>) => runMarbles(body, { store });

  it('lets durable parts wait, the others go on, and all go on when it is back', async () => {
    const { errors } = await run(async (helpers) => {
      const { clock } = helpers;
      begin(helpers);
      await clock.sleep(1);
      store.behave(new Error('the disk is full'));
      orders$.next(1);
      orders$.next(2);
      await clock.sleep('2500ms');
      expect(done).toEqual(['tick 1', 'tick 2']);
      store.behave('ok');
      await clock.sleep('5s');
      expect(done.filter((what) => what.includes('at'))).toEqual([
        expect.stringMatching(/^1 at \d+/),
        expect.stringMatching(/^2 at \d+/),
      ]);
    });
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ['store-failed', expect.stringMatching(/store of test does not keep.*the disk is full/)],
    ]);
  });

  it('takes no more triggers than the buffer has room for, and tells of the others', async () => {
    const { errors } = await run(async (helpers) => {
      const { clock } = helpers;
      begin(helpers, 3);
      await clock.sleep(1);
      store.behave('fail');
      orders$.next(1);
      await clock.sleep(1);
      for (let order = 2; order <= 10; order++) orders$.next(order);
      await clock.sleep('1s');
      store.behave('ok');
      await clock.sleep('10s');
      expect(done.filter((what) => what.includes('at')).map((what) => what[0])).toEqual(['1', '2', '3']);
    });
    expect(errors.filter(({ code }) => code === 'overflow')).toHaveLength(7);
  });

  it('lets kept() reject at once, or wait, or wait for so long', async () => {
    await run(async (helpers) => {
      const { clock, host } = helpers;
      begin(helpers);
      await clock.sleep(1);
      store.behave('fail');
      orders$.next(1);
      const answers: string[] = [];
      const note = (what: string, promise: Promise<void>) =>
        promise.then(
          () => answers.push(`${what} kept`),
          (error: unknown) => answers.push(`${what} ${(error as AgentError).code}`),
        );
      void note('at once', host.kept());
      void note('patient', host.kept({ ifFailing: 'wait' }));
      void note('a while', host.kept({ ifFailing: 'wait', timeout: '1s' }));
      await clock.sleep('2s');
      expect(answers).toEqual(['at once store-failed', 'a while store-failed']);
      void note('later', host.kept());
      store.behave('ok');
      await clock.sleep('10s');
      expect(answers.slice(2)).toEqual(['later store-failed', 'patient kept']);
      await host.kept({ flushed: true });
      await expect(host.kept({ flush: true } as never)).rejects.toThrow(/did you mean "flushed"/);
    });
  });

  it.each(['tear', 'fail'] as const)('keeps turns whole when commits %s at random', async (how) => {
    for (let seed = 1; seed <= 20; seed++) {
      store = memoryStore();
      await run(async ({ start, host, clock }) => {
        const values: number[] = [];
        const input$ = new Subject<number>();
        let state: { readonly sum: number } = { sum: 0 };
        const agent = start(
          defineAgent({
            name: 'sum',
            state: z.object({ sum: z.number().default(0) }),
            streams: ({ handle, state: own, time }) => ({
              x$: input$.pipe(
                time.after('10ms', { durable: 'wait', key: (n) => n }),
                handle.concat(
                  async (n, { step }) => {
                    const doubled = await step('double', async () => 2 * n);
                    own.update(({ sum }) => ({ sum: sum + doubled }));
                    return doubled;
                  },
                  { durable: 'sum' },
                ),
              ),
              state$: own.state$,
            }),
          }),
        );
        agent.streams.x$.subscribe((value) => values.push(value));
        agent.streams.state$.subscribe((next) => (state = next));
        await clock.sleep(1);
        store.behave((commit) => ((commit + seed) % (2 + (seed % 3)) === 0 ? how : 'ok'));
        for (const n of [1, 2, 3]) {
          input$.next(n);
          await clock.sleep(7);
        }
        await clock.sleep('1h');
        await host.kept();
        expect(values).toEqual([2, 4, 6]);
        expect(state).toEqual({ sum: 12 });
      });
    }
  });

  it('rejects the start of a durable agent when it cannot be opened, and is asked again by the next', async () => {
    let isOpen = false;
    const failing = {
      open: (host: string, context: never) =>
        isOpen ? store.open(host, context) : Promise.reject(new Error('no such disk')),
    };
    await runMarbles(
      async ({ host }) => {
        const agent = defineAgent({
          name: 'shop',
          streams: ({ handle }) => ({ x$: orders$.pipe(handle.concat(async () => 1, { durable: 'x' })) }),
        });
        await expect(host.start(agent)).rejects.toMatchObject({
          code: 'store-failed',
          message: expect.stringMatching(/cannot be opened: no such disk/),
        });
        isOpen = true;
        await host.start(agent);
        expect(host.agents.has('shop')).toBe(true);
      },
      { store: failing },
    );
  });

  it('ends a start that waits for it by its deadline, and says so', async () => {
    await runMarbles(
      async ({ host, clock }) => {
        const agent = defineAgent({
          name: 'shop',
          startTimeout: '3s',
          streams: ({ handle }) => ({ x$: orders$.pipe(handle.concat(async () => 1, { durable: 'x' })) }),
        });
        const start = host.start(agent);
        await clock.sleep(1);
        expect(host.ledger()).toEqual([expect.objectContaining({ kind: 'wait', on: 'store' })]);
        await expect(start).rejects.toMatchObject({
          code: 'start-timeout',
          message: expect.stringMatching(/store/),
        });
        expect(clock.now()).toBe(3000);
      },
      { store: { open: () => new Promise(() => {}) } },
    );
  });
});

describe('a host whose store another one has opened', () => {
  it(
    'is refused for good, and tells of it',
    marbleTest(async ({ clock }) => {
      const store = memoryStore();
      const errors: string[] = [];
      const orders$ = new Subject<number>();
      const agent = defineAgent({
        name: 'shop',
        streams: ({ handle }) => ({ x$: orders$.pipe(handle.concat(async () => 1, { durable: 'x' })) }),
      });
      const one = createHost({ store, clock, log: silentLog });
      one.errors$.subscribe(({ code }) => errors.push(code));
      await one.start(agent);
      const two = createHost({ store, clock, log: silentLog });
      await two.start(agent);
      orders$.next(1);
      await expect(one.kept()).rejects.toMatchObject({ code: 'store-fenced' });
      await two.kept();
      expect(errors).toEqual(['store-fenced']);
      await one.stop();
      await two.stop();
    }),
  );
});
