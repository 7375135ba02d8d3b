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
    let present: Limit & { since: number } = { limit: 1, reason: 'no limit yet', since: -Infinity };
    const isOther = ({ limit }: Limit): boolean => limit !== present.limit;
    /** How long the plant has to stay as it is. */
    const rest = (): number => {
      const minimum = present.limit < 1 ? config.minimumOff : config.minimumOn;
      return Math.max(0, present.since + minimum - time.now());
    };
    return {
      limit$: bus.messages(drSignal.at({ ven: config.ven })).pipe(
        map(({ payload }) => limitFor(payload, config.highPrice)),
        time.after(rest), // a newer ask takes the place of one that has to wait
        filter(isOther),
        handle.concat(
          async (wanted, { call, now }) => {
            await call(setLimit, wanted);
            present = { ...wanted, since: now() };
            return wanted;
          },
          { name: 'setLimit', retry: { count: 5, backoff: '1s' } },
        ),
      ),
    };
  },
});
