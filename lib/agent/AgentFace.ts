import type { Observable } from 'rxjs';
import type { AgentError } from '../AgentError';
import { Cancelled } from '../handlers/Cancelled';
import { toMs } from '../time/duration';
import type { LedgerEntry } from '../trace/Ledger';
import type { Phase } from '../trace/TraceEvent';
import { takesNoConfig } from './agentErrors';
import type { AgentHandle, Health, StopReport } from './AgentHandle';
import type { AgentHost } from './AgentHost';
import { AgentScope } from './AgentScope';
import { ConfigKeeper } from './ConfigKeeper';
import type { AgentDefinition, Streams } from './defineAgent';
import { Incidents } from './Incidents';
import { LifecycleOutlets } from './Lifecycle';
import { LiveContext } from './LiveContext';
import { PhaseKeeper } from './PhaseKeeper';
import { Shutdown } from './Shutdown';
import { Wiring } from './Wiring';

/** What an agent consists of, and what others see of it: from outside, and by way of the context from inside. */
export abstract class AgentFace implements AgentHandle {
  readonly name: string;
  protected readonly phase: PhaseKeeper;
  protected readonly incidents: Incidents;
  protected readonly lifecycle: LifecycleOutlets;
  protected readonly scope: AgentScope;
  protected readonly config: ConfigKeeper;
  protected readonly wiring: Wiring;
  protected readonly shutdown: Shutdown;
  protected closing: AbortController | undefined;
  protected hasStarted = false;
  protected report: StopReport | undefined;

  /** @throws AgentError `bad-config` */
  constructor(
    protected readonly host: AgentHost,
    protected readonly definition: AgentDefinition,
    config: unknown,
  ) {
    const { name } = definition;
    const { scheduler, trace } = host;
    this.name = name;
    this.incidents = new Incidents(name, host, () => {
      this.endSoon();
    });
    const { observerFailed, lifecycleObserverFailed } = this.incidents;
    this.config = new ConfigKeeper(name, definition.config, config, trace, observerFailed, host.configs);
    this.phase = new PhaseKeeper(name, trace, observerFailed);
    this.lifecycle = new LifecycleOutlets(lifecycleObserverFailed);
    this.scope = new AgentScope(name, host, this.incidents, () => {
      this.shutdown.look();
    });
    this.wiring = new Wiring(this.scope, observerFailed);
    this.shutdown = new Shutdown(
      this.scope,
      (work, delay) => scheduler.schedule(work, delay),
      toMs(definition.stopTimeout ?? host.stopTimeout),
    );
  }

  abstract stop(): Promise<StopReport>;
  /** Whether a stop has been asked for. */
  protected abstract get isToStop(): boolean;
  /** Ends the life before its time; it may be called from the midst of a stream. */
  protected abstract endSoon(): void;

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
    return this.incidents.health.current;
  }

  get health$(): Observable<Health> {
    return this.incidents.health.$;
  }

  get errors$(): Observable<AgentError> {
    return this.incidents.errors$;
  }

  configure(input: unknown): void {
    if (this.report !== undefined || this.isToStop) throw takesNoConfig(this.name);
    this.apply(this.config.read(input));
  }

  /** The store has another config for the agent. One that does not fit is told of, and the present one stays. */
  storeChanged(): void {
    const { store } = this.config;
    if (store === undefined || this.report !== undefined || this.isToStop) return;
    try {
      this.apply(this.config.readFrom(store));
    } catch (error) {
      this.incidents.tell(error as AgentError);
    }
  }

  private apply(config: object): void {
    if (!this.hasStarted) {
      this.config.keep(config);
      return;
    }
    this.scope.schedule(() => {
      this.config.publish(config);
    });
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.scope.ledger.entries()];
  }

  protected context(): LiveContext {
    return new LiveContext(this.lifecycle, this.host, this.scope, this.config, () => this.signal());
  }

  /** Made when it is asked for; after the end it is aborted already. */
  private signal(): AbortSignal {
    this.closing ??= new AbortController();
    if (this.report !== undefined) this.closing.abort(Cancelled.because.stopped);
    return this.closing.signal;
  }
}
