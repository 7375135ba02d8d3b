import type { Observable } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import type { Agent } from '../agent/Agent';
import type { StartObserver } from '../agent/Settlement';
import { AsyncStoppable } from '../agent/AsyncStoppable';
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
import { Environment, type TestParts } from './Environment';
import { followConfigs } from './followConfigs';
import { Heartbeat } from './Heartbeat';
import type { Host, HostOptions, HostStopReport, KeptOptions, Output, StartArgs } from './Host';
import { toKeptPlan } from './hostOptions';
import { HostStop, type StoppedHost } from './HostStop';
import { Roster } from './Roster';
import { RestartTimer } from './supervision/RestartTimer';
import type { Startable, StartedAll } from './supervision/group';
import { Supervision } from './supervision/Supervision';
import type { SupervisorHost } from './supervision/Supervisor';

/** What a host is made of. */
interface HostParts {
  readonly environment: Environment;
  readonly roster: Roster;
  readonly stopping: HostStop;
  readonly heartbeat: Heartbeat | undefined;
  readonly unfollowConfigs: (() => void) | undefined;
}

/** A host at work: it starts agents and stops them. */
export class HostRuntime extends AsyncStoppable implements Host, StoppedHost, SupervisorHost {
  private parts: HostParts;

  /** @param beside another host of one test, whose trace this one shares */
  constructor(
    options: HostOptions,
    clock: Clock,
    given?: TestParts,
    private readonly beside?: HostRuntime,
  ) {
    super();
    this.parts = this.assemble(options, clock, given);
  }

  private assemble(
    options: HostOptions,
    clock: Clock,
    given: TestParts | undefined,
    former?: HostParts,
  ): HostParts {
    const beside = this.beside?.parts.environment;
    const environment = new Environment(options, clock, given, former?.environment, beside);
    const { scheduler, stopDeadline, restart, configs } = environment;
    const stopping = new HostStop(this, scheduler, stopDeadline);
    const supervision = new Supervision(this, restart);
    const roster = new Roster(environment, supervision, stopping, former?.roster.agents);
    const heartbeat =
      options.heartbeat === undefined ? undefined : new Heartbeat(environment, options.heartbeat);
    former?.environment.vanish();
    // What opens something comes last: nothing is left open by what throws before.
    const unfollowConfigs = configs && followConfigs(configs, this);
    heartbeat?.begin();
    return { environment, stopping, roster, heartbeat, unfollowConfigs };
  }

  /**
   * Ends as a process does that is killed: nothing is stopped, nothing is written any more, and nothing goes on. What
   * is left is an empty host, which takes over who reads of this one, and the scheduler. For tests.
   */
  protected vanish(options: HostOptions, clock: Clock): void {
    const { parts } = this;
    const { roster, heartbeat, unfollowConfigs, environment } = parts;
    for (const agent of roster.agents.values()) agent.vanish();
    heartbeat?.vanish();
    unfollowConfigs?.();
    const restarts = [...environment.scheduler.armed()].map(({ owner }) => owner);
    for (const owner of restarts) if (owner instanceof RestartTimer) owner.cancel();
    this.parts = this.assemble(options, clock, undefined, parts);
  }

  start<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    ...[config]: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    // What an agent's config and streams are is the business of its definition and its handle alone.
    return this.parts.roster.start(definition, config) as Promise<unknown> as Promise<AgentHandle<S, Schema>>;
  }

  startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    return this.parts.roster.startAll(list) as Promise<StartedAll<List>>;
  }

  stop(): Promise<HostStopReport> {
    return this.parts.stopping.begin();
  }

  /** Sets an agent up, synchronously; who calls this starts it, too, whatever those are that it needs. */
  setUp(definition: AgentDefinition, config: unknown, observer: StartObserver): Agent {
    return this.parts.roster.setUp(readDefinition(definition), config, observer, { isAlone: true });
  }

  // What others see of it.

  get agents(): ReadonlyMap<string, AgentHandle> {
    return this.parts.roster.handles;
  }

  get name(): string {
    return this.parts.environment.name;
  }

  get outputs$(): Observable<Output> {
    return this.parts.environment.outputs.$;
  }

  get errors$(): Observable<AgentError> {
    return this.parts.environment.reports.errors$;
  }

  get health(): Health {
    return this.parts.environment.condition.current;
  }

  get health$(): Observable<Health> {
    return this.parts.environment.condition.$;
  }

  get trace$(): Observable<TraceEvent> {
    return this.trace.$;
  }

  get configs(): ConfigStore | undefined {
    return this.parts.environment.configs;
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.agents.values()].flatMap((agent) => agent.ledger());
  }

  async kept(options?: KeptOptions): Promise<void> {
    const plan = toKeptPlan(options);
    const { bus, usedStore, singletons } = this.parts.environment;
    await bus.topics.published();
    if (usedStore !== undefined && !this.isStopping) await bus.heard();
    await Promise.all([usedStore?.kept(plan), singletons.kept(plan)]);
  }

  report(error: AgentError): void {
    this.parts.environment.report(error);
  }

  // What its parts ask of it.

  find(name: string): Agent | undefined {
    return this.parts.roster.agents.get(name);
  }

  get scheduler(): Scheduler {
    return this.parts.environment.scheduler;
  }

  get bus(): HostBus {
    return this.parts.environment.bus;
  }

  get trace(): Trace {
    return this.parts.environment.trace;
  }

  get activity(): Activity {
    return this.parts.environment.activity;
  }

  get random(): RandomSource {
    return this.parts.environment.random;
  }

  /** Whether it stops, or has stopped: nobody starts any more. */
  get isStopping(): boolean {
    return this.parts.stopping.hasBegun;
  }

  warn(message: string, fields?: LogFields): void {
    this.parts.environment.reports.warn(message, fields);
  }

  taskFailed(error: unknown): void {
    this.parts.environment.reports.taskFailed(error);
  }

  storeFailed(error: unknown): void {
    this.parts.environment.reports.failed('The store of configs threw', error);
  }

  // Its stop.

  running(): readonly Agent[] {
    return [...this.parts.roster.agents.values()].reverse();
  }

  release(): void {
    const { environment } = this.parts;
    const { offloader, reports, condition } = environment;
    guarded(
      () => this.parts.unfollowConfigs?.(),
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
    environment.forgotten.end();
    condition.stopped();
    this.parts.heartbeat?.end();
  }

  /** What agents have kept up to their last word is kept: the store is the last to go. */
  closeBus(): Promise<void> {
    const { bus, usedStore: store, singletons } = this.parts.environment;
    const closed = bus.connection.close().then(() => singletons.close());
    return store === undefined ? closed : closed.then(() => store.close());
  }

  complete(): void {
    this.parts.environment.bus.release();
    void this.parts.environment.usedStore?.release();
    this.parts.environment.complete();
  }
}
