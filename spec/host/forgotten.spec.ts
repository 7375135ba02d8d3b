import { createHost, defineAgent, memoryStore, silentLog, type MemoryStore, type Store } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { Subject } from 'rxjs';
import { z } from 'zod';

describe('what is kept, and nobody has any use for', () => {
  let store: MemoryStore;
  let warnings: string[];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const plain = (name: string) => defineAgent({ name, streams: () => ({}) });

  beforeEach(() => {
    store = memoryStore();
    warnings = [];
  });

  /** A life in which both a shop and a mill keep something. */
  async function before(): Promise<void> {
    const orders$ = new Subject<number>();
    const host = createHost({ store, log: silentLog, stopTimeout: 0 });
    await host.start(
      defineAgent({
        name: 'shop',
        streams: ({ handle, time }) => ({
          x$: orders$.pipe(handle.concat(() => new Promise<never>(() => {}), { durable: 'orders' })),
          y$: orders$.pipe(time.after('3d', { durable: 'reminders' })),
        }),
      }),
    );
    await host.start(
      defineAgent({
        name: 'mill',
        state: z.object({ ground: z.number().default(0) }),
        streams: ({ lifecycle, state }) => {
          lifecycle.start$.subscribe(() => state.set({ ground: 1 }));
          return {};
        },
      }),
    );
    orders$.next(1);
    await host.kept();
    await host.stop();
  }

  it(
    'is told of at the start of its agent, also if nothing of that is durable any more',
    marbleTest(async ({ clock }) => {
      await before();
      const host = createHost({ store, log });
      await host.start(plain('shop'));
      await host.start(plain('mill'));
      await clock.sleep('1m');
      expect(warnings.sort()).toEqual([
        "mill: nobody claims what is kept as '(state)' (1 of kind state). It stays; see 'rx-agent-kit store list', or drop it there.",
        "shop: nobody claims what is kept as 'orders' (1 of kind job). It stays; see 'rx-agent-kit store list', or drop it there.",
        "shop: nobody claims what is kept as 'reminders' (1 of kind timer). It stays; see 'rx-agent-kit store list', or drop it there.",
      ]);
      await host.stop();
    }),
  );

  it(
    'is told of once when its agent is not started at all, ten seconds behind others, or at the stop',
    marbleTest(async ({ clock }) => {
      await before();
      const told =
        "The store of host keeps what is of 'shop' (1 of kind job as 'orders', 1 of kind timer as 'reminders'), which nobody has started within 10s. It stays; see 'rx-agent-kit store list', or drop it there.";
      const ofShop = () => warnings.filter((warning) => warning.includes('shop'));
      const host = createHost({ store, log });
      await host.start(plain('mill'));
      await clock.sleep('9s');
      expect(ofShop()).toEqual([]);
      await clock.sleep('1m');
      expect(ofShop()).toEqual([told]);
      await host.stop();
      expect(ofShop()).toEqual([told]);
      warnings = [];
      const short = createHost({ store, log });
      await short.start(plain('mill'));
      await clock.sleep('1s');
      await short.stop();
      expect(ofShop()).toEqual([told]);
    }),
  );

  it(
    'is nothing where all are started in the end',
    marbleTest(async ({ clock }) => {
      const host = createHost({ store, log });
      await host.start(plain('mill'));
      await clock.sleep('5s');
      await host.start(plain('shop'));
      await clock.sleep('1m');
      await host.stop();
      expect(warnings).toEqual([]);
    }),
  );

  it('hinders nobody where the store cannot be opened, as long as nothing is durable', async () => {
    const broken: Store = { open: () => Promise.reject(new Error('another process has it')) };
    const host = createHost({ store: broken, log });
    const errors: string[] = [];
    host.errors$.subscribe(({ code }) => errors.push(code));
    await host.start(plain('mill'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.health.status).toBe('good');
    await host.stop();
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      'mill: it cannot be told whether something of it is kept. The store of host cannot be opened: another process has it',
    ]);
  });
});
