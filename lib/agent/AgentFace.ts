import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import type { LedgerEntry } from '../trace/Ledger';
import { Outlet } from '../trace/Outlet';
import type { Phase } from '../trace/TraceEvent';
import { observerFailed, takesNoConfig } from './agentErrors';
import type { AgentHandle, Health, StopReport } from './AgentHandle';
import type { AgentHost, AgentSupervisor } from './AgentHost';
import { ConfigSource, firstConfig } from './config/ConfigSource';
import type { AgentDefinition, Streams } from './definition/defineAgent';
import { HealthKeeper } from './health/HealthKeeper';
import type { LiveAgent } from './life/LiveAgent';
import { PhaseKeeper } from './life/PhaseKeeper';
import { Wiring } from './life/Wiring';

/** What an agent has from its place among others; one that is started alone has none. */
export interface Place {
  /** Who comes before it: they start earlier and stop later. */
  readonly needs: readonly string[];
  readonly supervisor: AgentSupervisor | undefined;
}

const NOBODY: readonly string[] = [];

/** What others see of an agent, and what is left of it between two lives. */
export abstract class AgentFace implements AgentHandle {
  readonly name: string;
  readonly needs: readonly string[];
  readonly phase: PhaseKeeper;
  readonly condition: HealthKeeper;
  readonly wiring: Wiring;
  /** Whether another life may follow the present one: what its streams have shown goes on then. */
  isRestartable: boolean;
  protected readonly errors: Outlet<AgentError>;
  protected supervisor: AgentSupervisor | undefined;
  protected config: object;
  private readonly source: ConfigSource;
  /** The present life, or the last one; undefined between two. */
  protected life: LiveAgent | undefined;
  protected report: StopReport | undefined;

  /** @throws AgentError `bad-config` */
  constructor(
    readonly host: AgentHost,
    readonly definition: AgentDefinition,
    config: unknown,
    place?: Place,
  ) {
    const { name } = definition;
    const { scheduler, trace } = host;
    this.name = name;
    this.needs = place?.needs ?? definition.needs ?? NOBODY;
    this.supervisor = place?.supervisor;
    this.isRestartable = (place?.supervisor ?? definition.restart ?? host.restart) !== undefined;
    this.source = new ConfigSource(
      name,
      definition.config,
      trace,
      config === undefined ? host.configs : undefined,
      host.log,
    );
    this.config = firstConfig(this.source, config);
    this.errors = new Outlet(this.observerFailed);
    this.phase = new PhaseKeeper(name, trace, this.observerFailed);
    this.condition = new HealthKeeper(name, host.condition, scheduler, this.observerFailed);
    this.wiring = new Wiring(name, this.observerFailed);
  }

  abstract stop(): Promise<StopReport>;
  abstract ledger(): readonly LedgerEntry[];
  /** Whether a stop has been asked for, behind which there is no life. */
  abstract get isToStop(): boolean;

  get streams(): Streams {
    return this.wiring.streams;
  }

  get state(): Phase {
    return this.phase.current;
  }

  get state$(): Observable<Phase> {
    return this.phase.$;
  }

  get health(): Health {
    return this.condition.current;
  }

  get health$(): Observable<Health> {
    return this.condition.$;
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  configure(input: unknown): void {
    if (this.report !== undefined || this.isToStop) throw takesNoConfig(this.name);
    this.apply(this.source.read(input));
  }

  /** The store has another config for the agent. One that does not fit is told of, and the present one stays. */
  storeChanged(): void {
    if (this.source.store === undefined || this.report !== undefined || this.isToStop) return;
    try {
      this.apply(this.source.readStored());
    } catch (error) {
      this.tell(error as AgentError);
    }
  }

  private apply(config: object): void {
    const { name, host } = this;
    this.config = config;
    if (host.trace.isWatched) host.trace.write({ type: 'config-changed', agent: name });
    this.life?.configure(config);
  }

  /** Whether a life goes on. */
  get isAlive(): boolean {
    return this.life !== undefined && this.report === undefined;
  }

  /** Whether it is between two lives. */
  get isDown(): boolean {
    return this.life === undefined && this.report === undefined;
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }

  tell(error: AgentError): void {
    this.errors.next(error);
    this.host.report(error);
  }

  /** Somebody outside has thrown, who is free to do so. */
  readonly observerFailed = (cause: unknown): void => {
    this.tell(observerFailed(this.name, cause));
  };
}
