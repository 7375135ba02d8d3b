import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { lookUp, refund } from './contracts';

/** The agent that has the tools. Its refunds outlive it, each by its key. */
export const shop = defineAgent({
  name: 'shop',
  state: z.object({
    refunds: z.record(z.string(), z.object({ order: z.string(), receipt: z.string() })).default({}),
  }),
  streams: ({ bus, state }) => {
    const refunds = () => state.get().refunds;
    return {
      lookUps$: bus.serve(lookUp, async ({ order }) => {
        const isRefunded = Object.values(refunds()).some((one) => one.order === order);
        const now = isRefunded ? ('refunded' as const) : ('delivered' as const);
        return { order, euros: 42, state: now };
      }),
      refunds$: bus.serve(refund, async ({ order, key }) => {
        const known = refunds()[key];
        if (known !== undefined) return known;
        const done = { order, receipt: `receipt ${Object.keys(refunds()).length + 1}` };
        state.set({ refunds: { ...refunds(), [key]: done } });
        return done;
      }),
    };
  },
});
