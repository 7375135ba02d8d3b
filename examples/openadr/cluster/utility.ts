// The utility's side: a VTN, and somebody who hears what the site says. It is no machine of the site's.
import { readFileSync } from 'node:fs';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { type Clock, createHost, silentLog } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import type { Notice } from '../vtn/Desk';
import { Programme } from '../vtn/programme';
import { vtn } from '../vtn/vtn';
import { type Heard, watcher } from './watcher';

export interface UtilityOptions {
  readonly servers: string;
  readonly clock: Clock;
  /** Gives so many real seconds as the agents see them. */
  readonly real: (seconds: number) => `${number}s`;
}

export async function startUtility({ servers, clock, real }: UtilityOptions) {
  const host = createHost({
    name: 'utility',
    clock,
    log: silentLog,
    bus: natsBus({ servers, connectTimeout: real(20), drainTimeout: real(2) }),
    startTimeout: real(30),
    stopDeadline: real(10),
  });
  const valuesOf = <Value>(agent: string, stream: string): Observable<Value> =>
    host.outputs$.pipe(
      filter((output) => output.agent === agent && output.stream === stream),
      map(({ value }) => value as Value),
    );
  const url = firstValueFrom(valuesOf<string>('vtn', 'url$'));
  const programme: unknown = JSON.parse(
    readFileSync(new URL('../vtn/programme.json', import.meta.url), 'utf8'),
  );
  await host.start(vtn, { programme: Programme.parse(programme) });
  await host.start(watcher);
  return {
    host,
    vtnUrl: await url,
    notices$: valuesOf<Notice>('vtn', 'notices$'),
    heard$: valuesOf<Heard>('watcher', 'heard$'),
  };
}
