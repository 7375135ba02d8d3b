import type { AgentError } from '../../AgentError';
import type { Log } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import { type ConfigSchema, parseConfig, unreadableConfig } from './config';
import type { ConfigStore } from './ConfigStore';
import { type UnknownKey, unknownKeys, unknownKeyText } from './unknownKeys';

/** Reads an agent's configs by its schema: those that it is given, and those of the store, if that is where it has its own. */
export class ConfigSource {
  /**
   * @param store where the config comes from, unless the agent was given one
   * @param log is told of what the store has and the schema does not know
   */
  constructor(
    private readonly agent: string,
    private readonly schema: ConfigSchema | undefined,
    private readonly trace: Trace,
    readonly store: ConfigStore | undefined,
    private readonly log?: Pick<Log, 'warn'>,
  ) {}

  /** @throws AgentError `bad-config` */
  read(input: unknown): object {
    return this.parse(input, undefined);
  }

  /**
   * What the store has, or what the defaults give.
   *
   * @throws AgentError `bad-config`
   */
  readStored(): object {
    const { schema, store } = this;
    if (store === undefined) return this.parse(undefined, undefined);
    const stored = this.readFrom(store);
    const config = this.parse(stored, store);
    if (schema !== undefined) this.warnOf(unknownKeys(schema, stored), store.origin);
    return config;
  }

  private readFrom(store: ConfigStore): unknown {
    const { agent } = this;
    try {
      return store.read(agent);
    } catch (cause) {
      throw this.refused(unreadableConfig(agent, store, cause));
    }
  }

  private warnOf(unknown: readonly UnknownKey[], origin: string): void {
    const { agent } = this;
    for (const { path, nearest } of unknown)
      this.log?.warn(`${origin}: ${unknownKeyText({ path: [agent, ...path], nearest })}`, { agent });
  }

  private parse(input: unknown, from: ConfigStore | undefined): object {
    try {
      return parseConfig(this.agent, this.schema, input, from);
    } catch (error) {
      throw this.refused(error as AgentError);
    }
  }

  private refused(error: AgentError): AgentError {
    const { agent, trace } = this;
    if (trace.isWatched) trace.write({ type: 'config-refused', agent, error });
    return error;
  }
}

/** Reads the config that an agent starts with. */
export function firstConfig(source: ConfigSource, given: unknown): object {
  return given === undefined ? source.readStored() : source.read(given);
}
