import { createHost, defineAgent, type Host, silentLog } from 'rx-agent-kit';
import type { MarbleHelpers } from 'rx-agent-kit/testing';
import type { Evil, HostileCallback } from './Hostile';

export const OTHERS = 3;

export function evilOf(error: unknown): Evil {
  let calls = 0;
  return {
    error,
    now: () => {
      throw error;
    },

    later: () => Promise.reject(error),
    once: () => calls++ === 0,
  };
}

const other = (index: number) =>
  defineAgent({
    name: `other ${index}`,
    streams: ({ lifecycle, time, handle }) => ({
      tick$: lifecycle.start$.pipe(
        time.every('1s'),
        handle.concat(async (tick) => tick.index),
      ),
    }),
  });

/** Lets one host have a hostile agent among others for a while, and says what became of them. */
export async function liveAmongOthers(callback: HostileCallback, evil: Evil, clock: MarbleHelpers['clock']) {
  const host: Host = createHost({ log: silentLog, clock, ...callback.host?.(evil, clock) });
  const seen = { codes: [] as string[], ticks: 0, rejects: 0, left: [] as unknown, after: [] as unknown };
  host.errors$.subscribe(({ code }) => seen.codes.push(code));
  host.outputs$.subscribe(({ agent }) => {
    if (agent.startsWith('other')) seen.ticks++;
  });
  for (let index = 0; index < OTHERS; index++) void host.start(other(index)).catch(() => undefined);
  const hostile = defineAgent({
    name: 'hostile',
    streams: (context) => callback.streams?.(context, evil) ?? {},
    ...callback.agent?.(evil),
  });
  await host.start(hostile).then(
    () => callback.then?.(host, evil),
    () => seen.rejects++,
  );
  await clock.sleep('2500ms');
  seen.left = (await Promise.race([host.stop(), clock.sleep('1m')]))?.left ?? 'it does not stop';
  seen.after = host.ledger();
  return seen;
}
