// Meters the load. The demand is real: it is this machine's own, so that every run has live input.
import { combineLatest, map, startWith } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { siteLimit, siteLoad } from '../topics';

const Share = z.number().min(0).max(1);
const Readings = z.object({ demand: Share, memory: Share });
/** What a meter reads: shares from 0 to 1. */
export type Readings = z.output<typeof Readings>;

/** One that throws, gives no shares or takes longer than a period costs the meter that reading, and no other. */
export interface Gauge {
  read(): PromiseLike<Readings> | Readings;
}

export const meter = (gauge: Gauge) =>
  defineAgent({
    name: 'meter',
    config: z.object({
      site: z.string().default('site-1'),
      ratedKilowatts: z.number().positive().default(10),
      /** The share of it that is used whatever the machine does. */
      base: z.number().min(0).max(1).default(0),
      period: z.string().default('10s'),
    }),
    streams: ({ lifecycle, time, bus, handle, config }) => {
      const { site, ratedKilowatts, base, period } = config;
      const limit$ = bus.messages(siteLimit.at({ site })).pipe(
        map(({ payload }) => payload.limit),
        startWith(1),
      );
      const readings$ = lifecycle.start$.pipe(
        time.every(period),
        handle.exhaust(
          async function read() {
            const { demand, memory } = Readings.parse(await gauge.read());
            return { demand: base + (1 - base) * demand, memory };
          },
          { timeout: period },
        ),
      );
      return {
        load$: combineLatest([readings$, limit$]).pipe(
          map(([{ demand, memory }, limit]) => ({
            kilowatts: Math.min(demand, limit) * ratedKilowatts,
            demand,
            memory,
          })),
          handle.concat(async function publish(load) {
            bus.publish(siteLoad.at({ site }), load);
            return load;
          }),
        ),
      };
    },
  });
