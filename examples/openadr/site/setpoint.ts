// Holds the site's limit: others set it by a call, and whoever is concerned hears of it on a topic.
import { map, merge, ReplaySubject } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { setLimit, siteLimit } from '../topics';

const FREE = { limit: 1, reason: 'no limit' };

/** What outlives the process of a setpoint. */
const setpointNotes = z.object({
  limit: z.number().default(FREE.limit),
  reason: z.string().default(FREE.reason),
});

/** @param isKept whether the limit outlives the process; then its host needs a store */
const createSetpoint = (isKept: boolean) =>
  defineAgent({
    name: 'setpoint',
    config: z.object({ site: z.string().default('site-1') }),
    ...(isKept && { state: setpointNotes }),
    streams: (context) => {
      const { lifecycle, bus, handle, config } = context;
      const calls$ = new ReplaySubject<typeof FREE>(1);
      let present = FREE;
      const kept = (): typeof FREE => (isKept ? context.state.get() : present);
      return {
        served$: bus.serve(setLimit, async (wanted) => {
          const before = kept();
          if (isKept) context.state.set(wanted);
          else present = wanted;
          calls$.next(wanted);
          return before;
        }),
        limit$: merge(lifecycle.start$.pipe(map(kept)), calls$).pipe(
          handle.concat(async function publish(limit) {
            bus.publish(siteLimit.at({ site: config.site }), limit);
            return limit;
          }),
        ),
      };
    },
  });

export const setpoint = createSetpoint(false);

/** The same, which keeps its limit over a crash, also on another machine. */
export const durableSetpoint = createSetpoint(true);
