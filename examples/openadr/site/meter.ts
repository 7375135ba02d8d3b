// Meters the load. The demand is real: it is this machine's own, so that every run has live input.
import { combineLatest, map, startWith, tap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { siteLimit, siteLoad } from '../topics';

/** What a meter reads: shares from 0 to 1. */
export interface Gauge {
  read(): { readonly demand: number; readonly memory: number };
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
    streams: ({ lifecycle, time, bus, config }) => {
      const { site, ratedKilowatts, base } = config;
      const limit$ = bus.messages(siteLimit.at({ site })).pipe(
        map(({ payload }) => payload.limit),
        startWith(1),
      );
      const readings$ = lifecycle.start$.pipe(
        time.every(config.period),
        map(() => gauge.read()),
        map(({ demand, memory }) => ({ demand: base + (1 - base) * demand, memory })),
      );
      return {
        load$: combineLatest([readings$, limit$]).pipe(
          map(([{ demand, memory }, limit]) => ({
            kilowatts: Math.min(demand, limit) * ratedKilowatts,
            demand,
            memory,
          })),
          tap((load) => bus.publish(siteLoad.at({ site }), load)),
        ),
      };
    },
  });
