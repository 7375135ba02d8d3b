// Modules that commands are given.

export const TICKER = `
import { defineAgent } from 'rx-agent-kit';
import { map } from 'rxjs';
import { z } from 'zod';
export const ticker = defineAgent({
  name: 'ticker',
  config: z.object({ word: z.string().default('tick') }),
  streams: ({ lifecycle, time, handle, config, log }) => ({
    tick$: lifecycle.start$.pipe(
      time.every('50ms'),
      // A machine under load may leave out ticks; what is counted is what has run.
      map((_tick, index) => index + 1),
      handle.concat(async (count: number) => {
        log.info(config.word + ' ' + count);
        return count;
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
