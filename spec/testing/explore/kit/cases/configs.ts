import { defineAgent } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { tap } from 'rxjs';
import { z } from 'zod';
import type { KitCase } from '../KitCase';

const configs: ExploreBody = async ({ host, clock, always, eventually, choose }) => {
  const seen: number[] = [];
  let lives = 0;
  let last = 1;
  const agent = defineAgent({
    name: 'agent',
    config: z.object({ limit: z.number() }),
    streams: ({ config, config$, lifecycle }) => {
      lives++;
      const first = config.limit;
      let isFirst = true;
      return {
        config$: config$.pipe(
          tap(({ limit }) => {
            if (isFirst && limit !== first && limit !== last)
              throw new Error(`${limit} is neither ${first} nor ${last}`);
            isFirst = false;
            seen.push(limit);
          }),
        ),
        start$: lifecycle.start$,
      };
    },
  });
  const handle = await host.start(agent, { limit: 1 }).catch(() => undefined);
  always(() => seen.length === 0 || seen.at(-1)! <= last, 'no config comes that has not been given');
  eventually(
    () => handle?.state !== 'ready' || seen.at(-1) === last,
    'an agent that lives has the last config',
  );
  eventually(() => lives > 0, 'it has lived');
  if (handle === undefined) return;
  for (const limit of [2, 3, 4]) {
    await clock.sleep(choose(5, 'a config comes after so many ms'));
    if (handle.state === 'stopped' || handle.state === 'failed') break;
    try {
      handle.configure({ limit });
      last = limit;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'agent-stopped') throw error;
    }
  }
};

export const configuring: readonly KitCase[] = [
  {
    name: 'configs over several lives',
    body: configs,
    options: { disturb: { most: 2, restart: true, stop: true } },
  },
];
