import type { AgentError } from '../AgentError';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { Log } from '../trace/Log';

/** The host, as far as its configs concern it. */
interface Follower {
  readonly agents: ReadonlyMap<string, { storeChanged(): void }>;
  readonly log: Log;
  report(error: AgentError): void;
}

/**
 * Brings each change in a store to the agents that are concerned, and to no others.
 *
 * @returns what ends it
 */
export function followConfigs(store: ConfigStore, host: Follower): () => void {
  return store.watch({
    changed: (names) => {
      for (const name of names) {
        const agent = host.agents.get(name);
        if (agent !== undefined) agent.storeChanged();
        else if (isStored(store, name))
          host.log.warn(`${store.origin} has a section ${name}, but no agent of that name runs now.`);
      }
    },
    failed: (error) => {
      host.report(error);
    },
  });
}

/** One that cannot be read is told of by the agent that needs it. */
function isStored(store: ConfigStore, name: string): boolean {
  try {
    return store.read(name) !== undefined;
  } catch {
    return false;
  }
}
