import { Cancelled } from '../../handlers/Cancelled';
import { runIn } from '../../time/Context';
import { toMs } from '../../time/duration';
import { placed } from '../../time/PlacedSubscriber';
import type { LedgerEntry } from '../../trace/Ledger';
import type { Agent } from '../Agent';
import type { AgentHost } from '../AgentHost';
import { AgentScope } from './AgentScope';
import { ConfigKeeper } from '../config/ConfigKeeper';
import type { AgentDefinition } from '../definition/defineAgent';
import { Incidents } from './Incidents';
import { Joining } from './Joining';
import { type LifecycleEvent, type LifecycleMoment, LifecycleOutlets } from '../definition/Lifecycle';
import { LiveContext } from '../context/LiveContext';
import { Shutdown } from './Shutdown';

/** What one life of an agent consists of, and is gone with it. What others see of the agent is in {@link Agent}. */
export abstract class AgentLife {
  protected readonly host: AgentHost;
  protected readonly definition: AgentDefinition;
  protected readonly incidents: Incidents;
  protected readonly lifecycle: LifecycleOutlets;
  protected readonly scope: AgentScope;
  protected readonly config: ConfigKeeper;
  protected readonly shutdown: Shutdown;
  protected closing: AbortController | undefined;
  protected joining: Joining | undefined;
  protected hasStarted = false;
  protected isOver = false;

  constructor(
    protected readonly agent: Agent,
    config: object,
  ) {
    const { host, definition, observerFailed } = agent;
    this.host = host;
    this.definition = definition;
    this.incidents = new Incidents(agent, () => {
      this.endSoon();
    });
    this.config = new ConfigKeeper(config, observerFailed);
    this.lifecycle = new LifecycleOutlets(this.incidents.lifecycleObserverFailed, (subscriber) =>
      placed(subscriber, this.scope.present, this.scope),
    );
    this.scope = new AgentScope(agent, this.incidents, () => {
      this.shutdown.look();
    });
    this.shutdown = new Shutdown(
      this.scope,
      (work, delay) => host.scheduler.schedule(work, delay),
      toMs(definition.stopTimeout ?? host.stopTimeout),
    );
  }

  /** Ends the life before its time; it may be called from the midst of a stream. */
  protected abstract endSoon(): void;

  configure(config: object): void {
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

  protected get startTimeout(): number {
    return toMs(this.definition.startTimeout ?? this.host.startTimeout);
  }

  /** Calls back when the bus is connected, maybe at once. If it cannot be, that is the end of the life. */
  protected awaitBus(then: () => void): void {
    const { host, agent, startTimeout } = this;
    if (host.bus.isConnected) then();
    else
      this.joining = new Joining(host, agent.name, startTimeout, then, (error) => {
        this.incidents.fail(error);
      });
  }

  protected emit(type: LifecycleMoment): void {
    const event: LifecycleEvent = { type, agent: this.agent.name, at: this.host.scheduler.now() };
    if (type === 'setup') this.incidents.setupEvent = event;
    try {
      runIn(this.agent.context, () => {
        this.lifecycle.emit(event);
      });
    } catch (error) {
      this.incidents.taskFailed(error);
    }
  }

  protected context(): LiveContext {
    return new LiveContext(this.lifecycle, this.host, this.scope, this.config, () => this.signal());
  }

  /** Made when it is asked for; after the end it is aborted already. */
  private signal(): AbortSignal {
    this.closing ??= new AbortController();
    if (this.isOver) this.closing.abort(Cancelled.because.stopped);
    return this.closing.signal;
  }
}
