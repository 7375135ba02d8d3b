// Holds the site's limit: others set it by a call, and whoever is concerned hears of it on a topic.
import { map, merge, ReplaySubject } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { setLimit, siteLimit } from '../topics';

const FREE = { limit: 1, reason: 'no limit' };

export const setpoint = defineAgent({
  name: 'setpoint',
  config: z.object({ site: z.string().default('site-1') }),
  streams: ({ lifecycle, bus, handle, config }) => {
    const calls$ = new ReplaySubject<typeof FREE>(1);
    let kept = FREE;
    return {
      served$: bus.serve(setLimit, async (wanted) => {
        const before = kept;
        kept = wanted;
        calls$.next(kept);
        return before;
      }),
      limit$: merge(lifecycle.start$.pipe(map(() => kept)), calls$).pipe(
        handle.concat(async function publish(limit) {
          bus.publish(siteLimit.at({ site: config.site }), limit);
          return limit;
        }),
      ),
    };
  },
});
