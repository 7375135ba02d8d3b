import type { Observable } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import type { Agent } from '../agent/Agent';
import type { StartObserver } from '../agent/Settlement';
import { ASYNC_DISPOSE } from '../agent/asyncDispose';
import type { AgentHandle, Health } from '../agent/AgentHandle';
import type { ConfigSchema } from '../agent/config/config';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { AgentDefinition, Streams } from '../agent/definition/defineAgent';
import { readDefinition } from '../agent/definition/readDefinition';
import type { HostBus } from '../messages/bus/HostBus';
import type { Clock } from '../time/clock/Clock';
import type { RandomSource } from '../time/spans/random';
import type { Scheduler } from '../time/queue/Scheduler';
import type { Activity } from '../trace/Activity';
import { guarded } from '../trace/guarded';
import type { LedgerEntry } from '../trace/Ledger';
import type { LogFields } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { TraceEvent } from '../trace/TraceEvent';
import { Environment, type Searched } from './Environment';
import { followConfigs } from './followConfigs';
import { Heartbeat } from './Heartbeat';
import type { Host, HostOptions, HostStopReport, KeptOptions, Output, StartArgs } from './Host';
import { toKeptPlan } from './hostOptions';
import { HostStop, type StoppedHost } from './HostStop';
import { Roster } from './Roster';
import type { Startable, StartedAll } from './supervision/group';
import { Supervision } from './supervision/Supervision';
import type { SupervisorHost } from './supervision/Supervisor';

/** A host at work: it starts agents and stops them. */
export class HostRuntime implements Host, StoppedHost, SupervisorHost {
  private readonly environment: Environment;
  private readonly roster: Roster;
  private readonly stopping: HostStop;
  private readonly heartbeat: Heartbeat | undefined;
  private readonly unfollowConfigs: (() => void) | undefined;

  constructor(options: HostOptions, clock: Clock, searched?: Searched) {
    const environment = new Environment(options, clock, searched);
    const { scheduler, stopDeadline, restart, configs } = environment;
    this.environment = environment;
    this.stopping = new HostStop(this, scheduler, stopDeadline);
    this.roster = new Roster(environment, new Supervision(this, restart), this.stopping);
    const { heartbeat } = options;
    this.heartbeat = heartbeat === undefined ? undefined : new Heartbeat(environment, heartbeat);
    // What opens something comes last: nothing is left open by what throws before.
    this.unfollowConfigs = configs && followConfigs(configs, this);
    this.heartbeat?.begin();
  }

  start<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    ...[config]: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    // What an agent's config and streams are is the business of its definition and its handle alone.
    return this.roster.start(definition, config) as Promise<unknown> as Promise<AgentHandle<S, Schema>>;
  }

  startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    return this.roster.startAll(list) as Promise<StartedAll<List>>;
  }

  stop(): Promise<HostStopReport> {
    return this.stopping.begin();
  }

  async [ASYNC_DISPOSE](): Promise<void> {
    await this.stop();
  }

  /** Sets an agent up, synchronously; who calls this starts it, too, whatever those are that it needs. */
  setUp(definition: AgentDefinition, config: unknown, observer: StartObserver): Agent {
    return this.roster.setUp(readDefinition(definition), config, observer, { isAlone: true });
  }

  // What others see of it.

  get agents(): ReadonlyMap<string, Agent> {
    return this.roster.agents;
  }

  get name(): string {
    return this.environment.name;
  }

  get outputs$(): Observable<Output> {
    return this.environment.outputs.$;
  }

  get errors$(): Observable<AgentError> {
    return this.environment.reports.errors$;
  }

  get health(): Health {
    return this.environment.condition.current;
  }

  get health$(): Observable<Health> {
    return this.environment.condition.$;
  }

  get trace$(): Observable<TraceEvent> {
    return this.trace.$;
  }

  get configs(): ConfigStore | undefined {
    return this.environment.configs;
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.agents.values()].flatMap((agent) => agent.ledger());
  }

  async kept(options?: KeptOptions): Promise<void> {
    const plan = toKeptPlan(options);
    await this.environment.usedStore?.kept(plan);
  }

  report(error: AgentError): void {
    this.environment.report(error);
  }

  // What its parts ask of it.

  get scheduler(): Scheduler {
    return this.environment.scheduler;
  }

  get bus(): HostBus {
    return this.environment.bus;
  }

  get trace(): Trace {
    return this.environment.trace;
  }

  get activity(): Activity {
    return this.environment.activity;
  }

  get random(): RandomSource {
    return this.environment.random;
  }

  /** Whether it stops, or has stopped: nobody starts any more. */
  get isStopping(): boolean {
    return this.stopping.hasBegun;
  }

  warn(message: string, fields?: LogFields): void {
    this.environment.reports.warn(message, fields);
  }

  storeFailed(error: unknown): void {
    this.environment.reports.failed('The store of configs threw', error);
  }

  // Its stop.

  running(): readonly Agent[] {
    return [...this.agents.values()].reverse();
  }

  release(): void {
    const { environment } = this;
    const { offloader, reports, condition } = environment;
    guarded(
      () => this.unfollowConfigs?.(),
      (error) => {
        this.storeFailed(error);
      },
    );
    const cannotClose = (error: unknown): void => {
      reports.warn(`The pool for offloaded work could not be closed: ${messageOf(error)}`);
    };
    guarded(() => {
      offloader?.close().catch(cannotClose);
    }, cannotClose);
    condition.stopped();
    this.heartbeat?.end();
  }

  /** What agents have kept up to their last word is kept: the store is the last to go. */
  closeBus(): Promise<void> {
    const { bus, usedStore: store } = this.environment;
    return store === undefined ? bus.close() : bus.close().then(() => store.close());
  }

  complete(): void {
    this.environment.bus.release();
    void this.environment.usedStore?.release();
    this.environment.complete();
  }
}
