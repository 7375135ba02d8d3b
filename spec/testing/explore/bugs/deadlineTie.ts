// An offer stands for a minute. Who accepts it up to that very instant has it, and at that very instant a timer gives
// it to the next one, unless it has been accepted by then: when both come at one instant, it may be sold twice.
import { filter, map, tap } from 'rxjs';
import { defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const offered = topic('market/offers/:lot', z.null());
const accepted = topic('market/accepted/:lot', z.null());

interface Lot {
  readonly until: number;
  buyer?: string;
}

/** Whether an acceptance that comes now is in time. */
type InTime = (lot: Lot, now: number) => boolean;

const marketThat = (sales: string[], isInTime: InTime) =>
  defineAgent({
    name: 'market',
    streams: ({ time, bus }) => {
      const lots = new Map<string, Lot>();
      const sell = (lot: Lot, buyer: string): void => {
        lot.buyer = buyer;
        sales.push(buyer);
      };
      return {
        passedOn$: bus.messages(offered).pipe(
          map(({ params }) => {
            const lot: Lot = { until: time.now() + 60_000 };
            lots.set(params.lot, lot);
            return lot;
          }),
          time.after('1m'),
          filter(({ buyer }) => buyer === undefined),
          tap((lot) => sell(lot, 'second bidder')),
        ),
        sold$: bus.messages(accepted).pipe(
          map(({ params }) => lots.get(params.lot)),
          filter((lot): lot is Lot => lot !== undefined && isInTime(lot, time.now())),
          tap((lot) => sell(lot, 'first bidder')),
        ),
      };
    },
  });

const breaks = 'a lot is sold once at most';

const story =
  (isInTime: InTime): ExploreBody =>
  async ({ host, bus, clock, always, eventually }) => {
    const sales: string[] = [];
    always(() => sales.length <= 1, breaks);
    eventually(() => sales.length === 1, 'a lot is sold');
    await host.start(marketThat(sales, isInTime));
    bus.publish(offered.at({ lot: '7' }), null);
    await clock.sleep('59990ms');
    bus.publish(accepted.at({ lot: '7' }), null);
  };

export const deadlineTie: SeededBug = {
  name: 'timeout and answer at one instant',
  breaks,
  wrong: story(({ until }, now) => now <= until),
  right: story(({ buyer }) => buyer === undefined),
  options: { latency: { messages: '0..20ms' } },
};
