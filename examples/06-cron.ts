// Cron by the clock of a zone. In the night in which that clock goes forward, 02:30 is skipped and comes at 03:00.
import { map, take } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { runLive } from './support/runLive';

const berlin = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hour: '2-digit',
  minute: '2-digit',
});

export const backup = defineAgent({
  name: 'backup',
  config: z.object({ nights: z.int().positive().default(3) }),
  streams: ({ lifecycle, time, config }) => ({
    nightly$: lifecycle.start$.pipe(
      time.cron('30 2 * * *', { zone: 'Europe/Berlin' }),
      take(config.nights),
      map(({ at }) => `${new Date(at).toISOString()} is ${berlin.format(at)} in Berlin`),
    ),
  }),
});

// Live, twelve hours pass in a second.
runLive(import.meta.url, backup, { speed: 12 * 3600 });
