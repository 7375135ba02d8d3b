import type { AgentError } from '../../AgentError';
import { Cancelled } from '../../handlers/run/Cancelled';
import type { LedgerEntry, RunCount } from '../../trace/Ledger';
import type { HostStore } from '../../store/HostStore';
import type { AgentHost } from '../AgentHost';
import { CurrentConfig } from '../config/CurrentConfig';
import { LifeContext } from '../context/LifeContext';
import type { LifecycleEvent, LifecycleMoment } from '../definition/Lifecycle';
import type { ReadDefinition } from '../definition/readDefinition';
import type { HealthMonitor } from '../health/HealthMonitor';
import { CurrentState } from '../state/CurrentState';
import { noState } from '../agentErrors';
import { AgentScope } from './AgentScope';
import { CutRuns } from './CutRuns';
import { type IncidentReader, Incidents } from './Incidents';
import { LifecycleOutlets } from './LifecycleOutlets';
import { Readiness } from './Readiness';
import type { WiredLife, Wiring } from './Wiring';

/** The agent whose life it is. */
export interface LifeOwner extends IncidentReader {
  readonly definition: ReadDefinition;
  readonly condition: HealthMonitor;
  readonly wiring: Wiring;
  /** Whether another life may follow, or is to: what the streams have shown goes on then. */
  readonly goesOn: boolean;
  /** The handler of a run has come to its end while the life ends. */
  runEnded(): void;
}

/**
 * One life of an agent: what it consists of, and each thing that is done with it. What is done when is for the
 * {@link LifeDriver} to say.
 */
export class Life implements WiredLife {
  private readonly incidents: Incidents;
  private readonly lifecycle: LifecycleOutlets;
  readonly scope: AgentScope;
  private readonly config: CurrentConfig;
  private cutRuns: CutRuns | undefined;
  private closing: AbortController | undefined;
  private readiness: Readiness | undefined;
  private state: CurrentState | undefined;
  private hasStarted = false;

  constructor(
    private readonly owner: LifeOwner,
    private readonly host: AgentHost,
    config: object,
  ) {
    const { name, condition, definition } = owner;
    this.incidents = new Incidents(owner, condition);
    const scope = new AgentScope(name, host, this.incidents, owner, definition.group);
    this.scope = scope;
    this.lifecycle = new LifecycleOutlets(this.incidents.lifecycleObserverFailed, scope);
    this.config = new CurrentConfig(config, definition.config, this.incidents);
  }

  // From its setup to its end.

  /** Makes the streams, subscribes to them and lets them set up. What throws in it is thrown on. */
  setUp(): void {
    const { wiring, definition } = this.owner;
    const { state } = definition;
    if (state !== undefined)
      this.state = new CurrentState(this.scope.durables, state, (error) => {
        this.incidents.observerFailed(error);
      });
    const context = new LifeContext(
      this.lifecycle,
      this.host,
      this.scope,
      this.config,
      () => this.stateOf(),
      () => this.signal(),
    );
    this.begin(() => {
      wiring.connect(this, definition.streams.call(definition.given, context));
    });
    this.emit('setup');
  }

  joinBus(): void {
    this.scope.busPlace.join();
  }

  /** What has to be open before it starts; undefined if nothing of it is durable. */
  get store(): HostStore | undefined {
    const { durableParts } = this.scope;
    return durableParts?.isUsed === true ? durableParts.host : undefined;
  }

  /** Restores what outlives the agent, and shows it its config. */
  publishConfig(): void {
    if (!this.restore()) return;
    this.begin(() => {
      this.config.publish();
    });
  }

  /** Gives it another config, which it sees when it has started. */
  configure(config: object): void {
    if (!this.hasStarted) {
      this.config.keep(config);
      return;
    }
    this.scope.schedule(() => {
      this.config.publish(config);
    });
  }

  start(): void {
    this.hasStarted = true;
    const { durableParts } = this.scope;
    this.emit('start');
    durableParts?.started();
    this.config.publishKept();
  }

  /** Whether `readyWhen` has emitted; calls back when it does, if not. */
  awaitReadiness(then: () => void): boolean {
    return this.readiness === undefined || this.readiness.await(then);
  }

  emit(type: LifecycleMoment): void {
    if (type === 'stop' && !this.hasStarted) return;
    const event: LifecycleEvent = { type, agent: this.owner.name, at: this.host.scheduler.now() };
    if (type === 'setup') this.incidents.setupEvent = event;
    try {
      if (type === 'stop' || type === 'finish') this.end(event);
      else
        this.begin(() => {
          this.lifecycle.emit(event);
        });
    } catch (error) {
      this.incidents.taskFailed(error);
    }
  }

  private restore(): boolean {
    try {
      this.begin(() => {
        this.state?.restore();
        this.scope.durableParts?.restore();
      });
      return true;
    } catch (error) {
      this.incidents.fail(error as AgentError);
      return false;
    }
  }

  /** Tells of what is kept of the agent, and claimed by none of its parts; of what is durable nothing may be left. */
  tellUnclaimed(): void {
    const { host, scope } = this;
    const { agent } = scope;
    const store = host.homeOf(agent) === host.facts.name ? host.storeOf(agent) : host.usedStoreOf(agent);
    store?.whenOpen({
      opened: () => {
        if (!this.incidents.isOver) this.lookForUnclaimed();
      },
      failed: ({ message }) => {
        host.log.warn(`${agent}: it cannot be told whether something of it is kept. ${message}`, { agent });
      },
    });
  }

  private lookForUnclaimed(): void {
    const { host, scope } = this;
    const { agent } = scope;
    for (const { name, size } of host.bus.topics.unclaimedBy(agent))
      host.log.warn(
        `${agent}: nobody takes the messages that are kept as '${name}' (${size} so far), and all that come are kept, too. See 'rx-agent-kit store list', or drop them there.`,
        { agent },
      );
    scope.durables.tellUnclaimed();
    host.forgotten.look();
  }

  /** What the start brings is no new trigger to what is durable. */
  private begin(work: () => void): void {
    const { scope } = this;
    scope.isBeginning = true;
    try {
      work();
    } finally {
      scope.isBeginning = false;
    }
  }

  /** What the stop brings itself is done in it. */
  private end(event: LifecycleEvent): void {
    const { scope } = this;
    scope.isEnding = true;
    try {
      this.lifecycle.emit(event);
    } finally {
      scope.isEnding = false;
    }
  }

  /** Cancels timers and scheduled work, and aborts the runs that are not drained. */
  halt(): void {
    this.readiness?.unsubscribe();
    this.scope.halt();
  }

  countRuns(runs: RunCount): number {
    return this.scope.ledger.countRuns(runs);
  }

  /** Names the runs that have not ended, and aborts them. */
  cut(runs: RunCount): void {
    (this.cutRuns ??= new CutRuns(this.scope.ledger)).cut(runs);
  }

  get isOnBus(): boolean {
    return this.scope.busPlace.isTaken;
  }

  leaveBus(): void {
    this.scope.busPlace.leave();
  }

  close(): void {
    this.scope.durableParts?.end();
    this.owner.wiring.disconnect();
    this.scope.close();
    this.incidents.isOver = true;
    this.closing?.abort(Cancelled.because.stopped);
    this.lifecycle.complete();
    this.config.complete();
    this.state?.complete();
  }

  /** The process has ended: nothing is stopped, and nothing goes on. */
  vanish(): void {
    this.incidents.isOver = true;
    this.readiness?.unsubscribe();
    this.scope.vanish();
    this.owner.wiring.disconnect();
    this.scope.close();
  }

  get left(): readonly LedgerEntry[] {
    return this.cutRuns?.left ?? NOTHING;
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.scope.ledger.entries()];
  }

  private stateOf(): CurrentState {
    if (this.state === undefined) throw noState(this.owner.name);
    return this.state;
  }

  /** Made when it is asked for; after the end it is aborted already. */
  private signal(): AbortSignal {
    this.closing ??= new AbortController();
    if (this.incidents.isOver) this.closing.abort(Cancelled.because.stopped);
    return this.closing.signal;
  }

  // What its streams tell.

  get goesOn(): boolean {
    return this.owner.goesOn;
  }

  streamsAreThere(): void {
    const { definition, name, wiring } = this.owner;
    if (definition.readyWhen !== undefined)
      this.readiness = new Readiness(this.incidents, this.scope).watch(
        name,
        definition.readyWhen.call(definition.given, wiring.streams),
      );
  }

  emitted(stream: string, value: unknown): void {
    this.host.output(this.owner.name, stream, value);
  }

  streamFailed(stream: string, error: unknown): void {
    this.incidents.streamFailed(stream, error);
  }

  teardownFailed(stream: string, error: unknown): void {
    this.incidents.teardownFailed(stream, error);
  }
}

const NOTHING: readonly LedgerEntry[] = [];
