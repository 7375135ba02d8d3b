import type { AgentError } from '../../AgentError';
import { notStored } from '../agentErrors';
import type { Trace } from '../../trace/Trace';
import type { Log } from '../../trace/Log';
import { type ConfigSchema, parseConfig } from './config';
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
    const stored = this.readStore();
    const config = this.parse(stored, store);
    if (store !== undefined && schema !== undefined) this.warnOf(unknownKeys(schema, stored), store.origin);
    return config;
  }

  private readStore(): unknown {
    const { agent, store } = this;
    try {
      return store?.read(agent);
    } catch (cause) {
      throw notStored(agent, String(store?.origin), cause);
    }
  }

  private warnOf(unknown: readonly UnknownKey[], origin: string): void {
    const { agent } = this;
    for (const { path, nearest } of unknown)
      this.log?.warn(`${origin}: ${unknownKeyText({ path: [agent, ...path], nearest })}`, { agent });
  }

  private parse(input: unknown, from: ConfigStore | undefined): object {
    const { agent, trace } = this;
    try {
      return parseConfig(agent, this.schema, input, from);
    } catch (error) {
      if (trace.isWatched) trace.write({ type: 'config-refused', agent, error: error as AgentError });
      throw error;
    }
  }
}

/** Reads the config that an agent starts with. */
export function firstConfig(source: ConfigSource, given: unknown): object {
  return given === undefined ? source.readStored() : source.read(given);
}
