import { NEVER, of } from 'rxjs';
import { messageOf } from '../AgentError';
import type { AgentDefinition } from '../agent/definition/defineAgent';
import type { ConfigStore } from '../agent/config/ConfigStore';
import { silentLog } from '../trace/Log';
import { VirtualClock } from '../time/virtual/VirtualClock';
import { Scheduler } from '../time/queue/Scheduler';

/** What can be known of an agent without running it. */
export interface Inspection {
  /** The names of its streams, or why they are not known. */
  readonly streams: readonly string[] | string;
  /** The topics that its streams listen to, and the procedures that they serve. */
  readonly listens: readonly string[];
  readonly serves: readonly string[];
}

/**
 * Finds out what an agent consists of by calling its function `streams` with a context in which nothing ever
 * happens. Nothing is subscribed, and so nothing runs.
 */
export function inspectAgent(agent: AgentDefinition, configs: ConfigStore | undefined): Inspection {
  const [listens, serves] = [new Set<string>(), new Set<string>()];
  const config = agent.config?.safeParse(configs?.read(agent.name) ?? {});
  const context = stillContext(agent.name, config?.data ?? {}, {
    status$: NEVER,
    refused: 0,
    publish: () => undefined,
    messages: ({ filter }: { readonly filter: string }) => {
      listens.add(filter);
      return NEVER;
    },
    serve: ({ name }: { readonly name: string }) => {
      serves.add(name);
      return NEVER;
    },
  });
  let streams: Inspection['streams'];
  try {
    streams = Object.keys(agent.streams(context as Parameters<AgentDefinition['streams']>[0]));
  } catch (error) {
    const why = config?.success === false ? 'it needs a config: give one with --config' : messageOf(error);
    streams = `not known: ${why}`;
  }
  return { streams, listens: [...listens], serves: [...serves] };
}

function stillContext(name: string, config: object, bus: object): object {
  const scheduler = new Scheduler(new VirtualClock(0), { slack: 0, onError: () => undefined });
  /** Any operator of `time` and `handle` gives nothing. */
  const still = new Proxy({}, { get: (_target, key) => (key === 'now' ? () => 0 : () => () => NEVER) });
  const lifecycle = { setup$: NEVER, start$: NEVER, ready$: NEVER, stop$: NEVER, finish$: NEVER };
  return {
    name,
    config,
    bus,
    scheduler,
    lifecycle,
    time: still,
    handle: still,
    config$: of(config),
    signal: new AbortController().signal,
    log: silentLog,
    host: { name: 'rx-agent-kit list' },
    state: { state$: NEVER, get: () => ({}), set: () => undefined, update: () => undefined },
  };
}
