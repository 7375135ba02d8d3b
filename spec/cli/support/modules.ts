// Modules that commands are given.

export const TICKER = `
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
export const ticker = defineAgent({
  name: 'ticker',
  config: z.object({ word: z.string().default('tick') }),
  streams: ({ lifecycle, time, handle, config, log }) => ({
    tick$: lifecycle.start$.pipe(
      time.every('50ms'),
      handle.concat(async ({ index }: { index: number }) => {
        log.info(config.word + ' ' + index);
        return index;
      }),
    ),
  }),
});
`;

export const CRASHER = `
import { defineAgent } from 'rx-agent-kit';
import { map } from 'rxjs';
export default defineAgent({
  name: 'crasher',
  streams: ({ lifecycle, time }) => ({
    bad$: lifecycle.start$.pipe(time.after('20ms'), map((): number => { throw new Error('the spring broke'); })),
  }),
});
`;
