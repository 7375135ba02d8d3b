import { Subject } from 'rxjs';
import { everyCrash, type MarbleBody } from 'rx-agent-kit/testing';
import { shop } from '../../examples/11-order';
import { NotedServices } from '../../examples/support/services';

/** Places orders, as customers do who ask again until they hear that theirs is kept. */
const customersOf =
  (ids: readonly string[]): MarbleBody =>
  async ({ start, host, clock }) => {
    const services = new NotedServices();
    const orders$ = new Subject<{ id: string; euros: number }>();
    const { streams } = start(shop(orders$, services));
    const shipped: string[] = [];
    let turnover = 0;
    streams.orders$.subscribe((parcel) => shipped.push(parcel));
    streams.turnover$.subscribe((state) => (turnover = state.turnover));
    // A shop that is down, or is not quite up yet, answers nobody.
    const isTaken = async (id: string): Promise<boolean> => {
      if (!orders$.observed) return false;
      orders$.next({ id, euros: 42 });
      return host.kept().then(
        () => true,
        () => false,
      );
    };
    for (const id of ids) {
      while (!(await isTaken(id))) await clock.sleep('1m');
      await clock.sleep('12h');
    }
    await clock.sleep('7d');
    // Outside: each was charged and shipped once, whatever was asked how often.
    expect(services.done.filter((what) => what.startsWith('receipt'))).toHaveLength(ids.length);
    for (const id of ids)
      expect(services.done.filter((what) => what.endsWith(`with order ${id}`))).toHaveLength(1);
    expect(services.done).toHaveLength(2 * ids.length);
    // Inside: exactly once.
    expect(turnover).toBe(42 * ids.length);
    expect(shipped).toHaveLength(ids.length);
  };

describe('an order', () => {
  it('is charged and shipped once, wherever the process ends', everyCrash(customersOf(['7'])));

  it(
    'is so beside others, and when nothing runs for days',
    everyCrash(customersOf(['7', '8', '9']), { down: '3d' }),
  );
});
