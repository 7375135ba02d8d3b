import type { AgentError } from '../AgentError';
import type { ConfigStore } from '../agent/config/ConfigStore';
import { guarded } from '../trace/guarded';

/** The host, as far as its configs concern it. */
interface Follower {
  find(name: string): { storeChanged(): void } | undefined;
  warn(message: string): void;
  report(error: AgentError): void;
  /** The store has thrown. */
  storeFailed(error: unknown): void;
}

/**
 * Brings each change in a store to the agents that are concerned, and to no others.
 *
 * @returns what ends it
 */
export function followConfigs(store: ConfigStore, host: Follower): () => void {
  const tell = (name: string): void => {
    const agent = host.find(name);
    if (agent !== undefined) agent.storeChanged();
    else if (store.read(name) !== undefined)
      host.warn(`${store.origin} has a section ${name}, but no agent of that name runs now.`);
  };
  return store.watch({
    changed: (names) => {
      for (const name of names)
        guarded(
          () => {
            tell(name);
          },
          (error) => {
            host.storeFailed(error);
          },
        );
    },
    failed: (error) => {
      host.report(error);
    },
  });
}
