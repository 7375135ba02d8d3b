// Shapes the load by what the VEN's events ask for, and leaves the plant as it is for a minimum time.
import { filter, map } from 'rxjs';
import { defineAgent, toMs } from 'rx-agent-kit';
import { z } from 'zod';
import { drSignal, setLimit } from '../topics';
import { type Limit, limitFor } from './limitFor';

export const shaper = defineAgent({
  name: 'shaper',
  config: z.object({
    ven: z.string(),
    /** The price from which on load is shed. */
    highPrice: z.number().default(0.3),
    /** How long the plant stays on, or limited, before that may change: ms. */
    minimumOn: z.number().min(0).default(toMs('5m')),
    minimumOff: z.number().min(0).default(toMs('10m')),
  }),
  streams: ({ bus, time, handle, config }) => {
    /** What the plant keeps; undefined while nobody knows: at first, and when a call is under way or was cut off. */
    let kept: Limit | undefined;
    let isLimited = false;
    let since = -Infinity;
    /** How long the plant has to stay as it is. */
    const rest = (): number => {
      const minimum = isLimited ? config.minimumOff : config.minimumOn;
      return Math.max(0, since + minimum - time.now());
    };
    return {
      limit$: bus.messages(drSignal.at({ ven: config.ven })).pipe(
        map(({ payload }) => limitFor(payload, config.highPrice)),
        time.after(rest), // a newer ask takes the place of one that has to wait
        handle.switch(
          async function setLimitTo(wanted, { call, now }) {
            if (kept?.limit === wanted.limit) return undefined;
            kept = undefined;
            await call(setLimit, wanted);
            kept = wanted;
            isLimited = wanted.limit < 1;
            since = now();
            return wanted;
          },
          // For as long as it is asked for.
          { name: 'setLimit', retry: { count: Infinity, backoff: '1s', maxBackoff: '30s' } },
        ),
        filter((limit) => limit !== undefined),
      ),
    };
  },
});
