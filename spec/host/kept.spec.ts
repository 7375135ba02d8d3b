import { createHost, defineAgent, type Duration, memoryStore, silentLog, topic } from 'rx-agent-kit';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { map } from 'rxjs';
import { z } from 'zod';

const order = topic('orders/:id', z.number());
const shopOf = (work: Duration) =>
  defineAgent({
    name: 'shop',
    streams: ({ bus, handle }) => ({
      shipped$: bus.messages(order).pipe(
        map(({ payload }) => payload),
        handle.concat((_order, { sleep }) => sleep(work), { durable: 'orders', buffer: 10_000 }),
      ),
    }),
  });

/** How many jobs are kept. */
const jobsIn = (store: ReturnType<typeof memoryStore>, host = 'test'): number =>
  [...store.entries(host).keys()].filter((key) => key.includes('/job/')).length;

describe('host.kept', () => {
  it.each([1, 2500])('waits for %d messages that are on their way to a durable handler', async (count) => {
    const store = memoryStore();
    await runMarbles(
      async ({ host, bus, clock }) => {
        await host.start(shopOf('1d'));
        await clock.sleep(1);
        for (let n = 0; n < count; n++) bus.publish(order.at({ id: String(n) }), n);
        await host.kept();
        expect(jobsIn(store)).toBe(count);
        expect(clock.now()).toBe(1);
      },
      { store },
    );
  });

  it('does so on a live host', async () => {
    const store = memoryStore();
    const host = createHost({ store, log: silentLog });
    await host.start(shopOf('1d'));
    let publish: (n: number) => void = () => {};
    await host.start(
      defineAgent({
        name: 'desk',
        streams: ({ bus }) => {
          publish = (n) => bus.publish(order.at({ id: String(n) }), n);
          return {};
        },
      }),
    );
    for (let n = 1; n <= 3; n++) {
      publish(n);
      await host.kept();
      expect(jobsIn(store, 'host')).toBe(n);
    }
    await host.stop();
  });

  it(
    'ends when the host stops meanwhile, and after it',
    marbleTest(async ({ host, bus, clock }) => {
      await host.start(shopOf('1s'));
      await clock.sleep(1);
      bus.publish(order.at({ id: '1' }), 1);
      const kept = host.kept();
      await host.stop();
      await expect(kept).resolves.toBeUndefined();
      await expect(host.kept()).resolves.toBeUndefined();
    }),
  );
});
