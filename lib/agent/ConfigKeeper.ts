import type { Observable } from 'rxjs';
import type { OnThrow } from '../trace/IsolatingObservable';
import { StateOutlet } from '../trace/StateOutlet';
import { type ConfigSchema, parseConfig, showConfig } from './config';

/** Keeps an agent's config: reads each new one by the schema, and shows it when the agent is ready for it. */
export class ConfigKeeper {
  /** The config as it is now, changed in place. */
  readonly view = {};
  private readonly outlet: StateOutlet<object>;

  /** @throws AgentError `bad-config` */
  constructor(
    private readonly agent: string,
    private readonly schema: ConfigSchema | undefined,
    input: unknown,
    onThrow: OnThrow,
  ) {
    this.outlet = new StateOutlet(onThrow);
    showConfig(this.view, this.read(input));
  }

  get $(): Observable<object> {
    return this.outlet.$;
  }

  /** @throws AgentError `bad-config` */
  read(input: unknown): object {
    return parseConfig(this.agent, this.schema, input);
  }

  publish(config: object = { ...this.view }): void {
    showConfig(this.view, config);
    this.outlet.next(config);
  }

  complete(): void {
    this.outlet.complete();
  }
}
