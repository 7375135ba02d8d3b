// An order is charged, cools off for two days and is shipped: once, wherever the process dies. Run it with the number of
// an order, kill it, and run it again without one: it goes on where it was. (It cools off for 20 s then.)
import { Subject } from 'rxjs';
import { defineAgent, type Duration, type Host } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { z } from 'zod';
import { runLive } from './support/runLive';
import { FiledServices, type Services } from './support/services';

const Order = z.object({ id: z.string(), euros: z.number() });
type Order = z.infer<typeof Order>;

export const shop = (orders$: Subject<Order>, services: Services, coolOff: Duration = '2d') =>
  defineAgent({
    name: 'shop',
    state: z.object({ turnover: z.number().default(0) }),
    streams: ({ handle, state }) => ({
      orders$: orders$.pipe(
        // An order that is placed again, since nobody has heard that it was kept, is the same order.
        handle.exhaust(
          async ({ id, euros }, { step, sleep, key }) => {
            const receipt = await step('charge', () => services.charge(key, euros));
            await sleep(coolOff, { step: 'cool off' });
            const parcel = await step('ship', () => services.ship(key, id));
            state.update(({ turnover }) => ({ turnover: turnover + euros }));
            return `${receipt}, ${parcel}`;
          },
          { durable: 'orders', schema: Order, key: ({ id }) => id, retry: { count: 9, backoff: '1m' } },
        ),
      ),
      turnover$: state.state$,
    }),
  });

/** Places orders, and is done when they are kept: a server answers 202 then. */
export async function story(host: Host, ids: string[], ...rest: [Services, Duration?]): Promise<void> {
  const orders$ = new Subject<Order>();
  await host.start(shop(orders$, ...rest));
  for (const id of ids) orders$.next({ id, euros: 42 });
  await host.kept();
}

runLive(
  import.meta.url,
  (host) => story(host, process.argv.slice(2), new FiledServices('data/services.ndjson'), '20s'),
  { store: lmdbStore('data') },
);
