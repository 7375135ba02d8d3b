import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { OnThrow } from '../trace/IsolatingObservable';
import { StateOutlet } from '../trace/StateOutlet';
import type { Trace } from '../trace/Trace';
import { type ConfigOrigin, type ConfigSchema, parseConfig, showConfig } from './config';
import type { ConfigStore } from './ConfigStore';

/** Keeps an agent's config: reads each new one by the schema, and shows it when the agent is ready for it. */
export class ConfigKeeper {
  /** The config as it is now, changed in place. */
  readonly view = {};
  /** Where the config comes from, unless the agent was given one. */
  readonly store: ConfigStore | undefined;
  private readonly outlet: StateOutlet<object>;
  private waiting: object | undefined;

  /**
   * @param input what the agent was given, if anything
   * @param store where its config comes from otherwise
   * @throws AgentError `bad-config`
   */
  constructor(
    private readonly agent: string,
    private readonly schema: ConfigSchema | undefined,
    input: unknown,
    private readonly trace: Trace,
    onThrow: OnThrow,
    store?: ConfigStore,
  ) {
    this.store = input === undefined ? store : undefined;
    this.outlet = new StateOutlet(onThrow);
    showConfig(this.view, this.store === undefined ? this.read(input) : this.readFrom(this.store));
  }

  get $(): Observable<object> {
    return this.outlet.$;
  }

  /** @throws AgentError `bad-config` */
  readFrom(store: ConfigStore): object {
    return this.read(store.read(this.agent), store);
  }

  /** @throws AgentError `bad-config` */
  read(input: unknown, from?: ConfigOrigin): object {
    const { agent, trace } = this;
    try {
      return parseConfig(agent, this.schema, input, from);
    } catch (error) {
      if (trace.isWatched) trace.write({ type: 'config-refused', agent, error: error as AgentError });
      throw error;
    }
  }

  publish(config: object = { ...this.view }): void {
    showConfig(this.view, config);
    this.outlet.next(config);
  }

  /** Keeps a config until the agent is ready for it; a later one takes its place. */
  keep(config: object): void {
    this.waiting = config;
  }

  publishKept(): void {
    if (this.waiting !== undefined) this.publish(this.waiting);
    this.waiting = undefined;
  }

  complete(): void {
    this.outlet.complete();
  }
}
