import type { AgentError } from '../../AgentError';
import type { Hide } from '../../trace/Hide';

/** Is told of what becomes of the configs in a store. */
export interface ConfigWatcher {
  /** The configs of these agents are others now. */
  changed(agents: readonly string[]): void;
  /** The store cannot be read any more; what it has read before counts on. */
  failed(error: AgentError): void;
}

/** Where agents that are started without a config find theirs: a port, behind which a file or a service stands. */
export interface ConfigStore {
  /** Where it reads from, as people are told of it, such as a path. */
  readonly origin: string;
  /** The names of the agents that it has a config for. */
  sections(): readonly string[];
  /** The present config of an agent, for its schema to parse; undefined if there is none. */
  read(agent: string): unknown;
  /** Tells of each change from now on, until what it gives is called. It must not keep the process from ending. */
  watch(watcher: ConfigWatcher): () => void;
  /** Writes over what is secret in what is about to be shown. Default: nothing is secret. */
  readonly hide?: Hide | undefined;
}
