import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { runLive } from './support/runLive';

export const greeter = defineAgent({
  name: 'greeter',
  config: z.object({ greeting: z.string().default('hello!') }),
  streams: ({ lifecycle, time, handle, config }) => ({
    greeting$: lifecycle.start$.pipe(
      time.after('3s'), // a delayed timer …
      handle.switch(async (_event, { sleep }) => {
        // … that switches into an async handler
        await sleep('1s');
        return config.greeting;
      }),
    ),
  }),
});

runLive(import.meta.url, greeter);
