import { map, NEVER, type Observable, Subject, tap } from 'rxjs';
import {
  type AgentContext,
  type AgentDefinition,
  createHost,
  defineAgent,
  type Host,
  type HostOptions,
  type RestartOptions,
  silentLog,
  type Streams,
} from 'rx-agent-kit';
import type { MarbleHelpers } from 'rx-agent-kit/testing';

/** Restarts often, and always after 100 ms. */
export const often: RestartOptions = { max: 50, within: '1h', backoff: { from: 100, factor: 1, jitter: 0 } };

/** A host on the test's clock, of which the test does not say at its end that something was left. */
export function hostOn(clock: MarbleHelpers['clock'], options: HostOptions = {}): Host {
  return createHost({ clock, log: silentLog, ...options });
}

/** How many timers are armed in a host. */
export function armedIn(host: Host): number {
  return (host as unknown as { scheduler: { size: number } }).scheduler.size;
}

export function agentOf<S extends Streams>(
  name: string,
  streams: (context: AgentContext<object>) => S = () => ({}) as S,
  more: Partial<Omit<AgentDefinition, 'name' | 'streams' | 'config'>> = {},
) {
  return defineAgent({ name, streams, ...more });
}

export interface Ways {
  /** The ms after its start at which each of its lives fails. */
  readonly fails?: readonly (number | undefined)[];
  readonly readyIn?: number;
  readonly stopsIn?: number;
  readonly needs?: readonly string[];
  readonly restart?: RestartOptions;
}

/** An agent whose lives fail at an instant, that is ready and stops after a while. */
export function agentThat(
  name: string,
  { fails = [], readyIn = 0, stopsIn = 0, needs = [], restart }: Ways = {},
) {
  let life = 0;
  return defineAgent({
    name,
    needs,
    ...(restart && { restart }),
    readyWhen: ({ up$ }) => up$ ?? NEVER,
    streams: ({ lifecycle, time, handle }): Record<string, Observable<unknown>> => {
      const due = fails[life++];
      return {
        up$: lifecycle.start$.pipe(
          handle.switch(async (_event, { sleep }) => (readyIn > 0 ? sleep(readyIn) : undefined)),
        ),
        down$: lifecycle.stop$.pipe(
          handle.switch(async (_event, { sleep }) => (stopsIn > 0 ? sleep(stopsIn) : undefined)),
        ),
        fault$:
          due === undefined
            ? NEVER
            : lifecycle.start$.pipe(
                time.after(due),
                tap(() => {
                  throw new Error(`${name} fails`);
                }),
              ),
      };
    },
  });
}

/** An agent that fails when it is told to. */
export function failing(
  name: string,
  more: Partial<Omit<AgentDefinition, 'name' | 'streams' | 'config'>> = {},
) {
  const fail$ = new Subject<string>();
  const agent = agentOf(
    name,
    () => ({
      fault$: fail$.pipe(
        map((why) => {
          throw new Error(why);
        }),
      ),
    }),
    more,
  );
  return { agent, fail: (why = 'down') => fail$.next(why) };
}
