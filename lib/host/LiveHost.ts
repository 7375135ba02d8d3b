import type { Observable } from 'rxjs';
import { type AgentError, messageOf } from '../AgentError';
import { Agent, type AgentKeeper, type StartObserver } from '../agent/Agent';
import type { AgentHandle, Health } from '../agent/AgentHandle';
import type { ConfigSchema } from '../agent/config/config';
import { ConfigSource, firstConfig } from '../agent/config/ConfigSource';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { AgentDefinition, Streams } from '../agent/definition/defineAgent';
import { type ReadDefinition, readDefinition } from '../agent/definition/readDefinition';
import type { Failure } from '../agent/life/Incidents';
import type { HostBus } from '../messages/HostBus';
import type { Clock } from '../time/Clock';
import type { RandomSource } from '../time/random';
import type { Scheduler } from '../time/Scheduler';
import type { Activity } from '../trace/Activity';
import { guarded } from '../trace/guarded';
import type { LedgerEntry } from '../trace/Ledger';
import type { LogFields } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { TraceEvent } from '../trace/TraceEvent';
import { Environment } from './Environment';
import { followConfigs } from './followConfigs';
import { Heartbeat } from './Heartbeat';
import type { Host, HostOptions, HostStopReport, Output, StartArgs } from './Host';
import { hostStopped, runsAlready, unmetNeed } from './hostErrors';
import { HostStop, type StoppedHost } from './HostStop';
import { compose, type ReadGroup, type Shape } from './order/compose';
import { Launch, type LaunchHost } from './order/Launch';
import { missingNeeds } from './order/needs';
import type { Startable, StartedAll } from './supervision/group';
import { Supervision } from './supervision/Supervision';
import type { Supervisor, SupervisorHost } from './supervision/Supervisor';

/** What an agent has from its place among others. */
interface Place {
  readonly needs?: readonly string[];
  readonly supervisor?: Supervisor;
  /** Whether it is started whatever those are that it needs, as in a marble test of it alone. */
  readonly isAlone?: boolean;
}

/** A host at work: it starts agents and stops them. */
export class LiveHost implements Host, AgentKeeper, StoppedHost, SupervisorHost {
  readonly agents = new Map<string, Agent>();
  private readonly environment: Environment;
  private readonly supervision: Supervision;
  private readonly stopping: HostStop;
  private readonly launches = new Set<Launch>();
  /** Those that wait for others that they need. */
  private readonly waiting = new Set<Agent>();
  private readonly heartbeat: Heartbeat | undefined;
  private readonly unfollowConfigs: (() => void) | undefined;

  constructor(options: HostOptions, clock: Clock) {
    const environment = new Environment(options, clock);
    const { scheduler, stopDeadline, restart, configs } = environment;
    this.environment = environment;
    this.supervision = new Supervision(this, restart);
    this.stopping = new HostStop(this, scheduler, stopDeadline);
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
    return new Promise((resolve, reject) => {
      // What an agent's config and streams are is the business of its definition and its handle alone.
      const read = readDefinition(definition);
      this.checkNeeds(read);
      const agent = this.setUpAgent(read, config, {
        ready: () => {
          resolve(agent as unknown as AgentHandle<S, Schema>);
        },
        failed: reject,
      });
      agent.start();
    });
  }

  startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    return new Promise((resolve, reject) => {
      const { members, shape } = compose(list, this);
      if (this.isStopping) throw hostStopped(this.name, members.map(({ name }) => name).join(', '));
      const supervisors = new Map<ReadGroup, Supervisor>();
      const supervisorOf = (group: ReadGroup): Supervisor => {
        const supervisor = supervisors.get(group) ?? this.supervision.ofGroup(group);
        supervisors.set(group, supervisor);
        return supervisor;
      };
      const host: LaunchHost = {
        agents: this.agents,
        scheduler: this.scheduler,
        startTimeout: this.environment.startTimeout,
        setUpMember: ({ definition, config, needs, group }, observer) =>
          this.setUpAgent(definition, config, observer, {
            needs,
            ...(group && { supervisor: supervisorOf(group) }),
          }),
      };
      const launch = new Launch(host, members, {
        ready: (agents) => {
          this.launches.delete(launch);
          resolve(inShape(shape, agents) as StartedAll<List>);
        },
        failing: () => {
          this.launches.delete(launch);
          for (const supervisor of supervisors.values()) supervisor.end();
        },
        failed: reject,
      });
      this.launches.add(launch);
      launch.start();
    });
  }

  stop(): Promise<HostStopReport> {
    return this.stopping.begin();
  }

  /** Sets an agent up, synchronously; who calls this starts it, too. */
  setUp(definition: AgentDefinition, config: unknown, observer: StartObserver): Agent {
    return this.setUpAgent(readDefinition(definition), config, observer, { isAlone: true });
  }

  private setUpAgent(
    definition: ReadDefinition,
    given: unknown,
    observer: StartObserver,
    { needs = definition.needs, supervisor, isAlone = false }: Place = {},
  ): Agent {
    const { environment, trace, configs } = this;
    const { name } = definition;
    this.refuse(name);
    const source = new ConfigSource(
      name,
      definition.config,
      trace,
      given === undefined ? configs : undefined,
      environment.log,
    );
    const config = firstConfig(source, given);
    // The schema or the store may have stopped the host meanwhile, or started another agent of that name.
    this.refuse(name);
    const isRestartable = (supervisor ?? definition.restart ?? environment.restart) !== undefined;
    const agent = new Agent(environment, this, { definition, source, config, needs, isAlone, isRestartable });
    this.agents.set(name, agent);
    agent.setUp(observer);
    if (supervisor !== undefined) this.supervision.add(agent, supervisor);
    return agent;
  }

  /** Whether an agent of that name may be set up now. */
  private refuse(name: string): void {
    if (this.isStopping) throw hostStopped(this.name, name);
    if (this.agents.has(name)) throw runsAlready(this.name, name);
  }

  private checkNeeds({ name, needs }: ReadDefinition): void {
    for (const need of needs) {
      const needed = this.agents.get(need);
      if (needed?.isReady !== true) throw unmetNeed(name, need, needed !== undefined);
    }
  }

  // What others see of it.

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

  // What its agents tell it.

  failed(agent: Agent, failure: Failure): boolean {
    return this.supervision.failed(agent, failure);
  }

  changed(agent: Agent): void {
    this.supervision.changed(agent);
    for (const launch of this.launches) launch.changed(agent);
    for (const other of this.waiting) other.look();
  }

  missing(agent: Agent): readonly string[] {
    if (agent.needs.length === 0) return agent.needs;
    const missing = missingNeeds(agent, (name) => this.agents.get(name));
    if (missing.length > 0) this.waiting.add(agent);
    else this.waiting.delete(agent);
    return missing;
  }

  left(agent: Agent): void {
    this.agents.delete(agent.name);
    this.waiting.delete(agent);
    this.environment.condition.left(agent.name, agent.hasLived, agent.health.reason);
  }

  ledger(agent?: Agent): readonly LedgerEntry[] {
    if (agent !== undefined) return this.supervision.ledger(agent);
    return [...this.agents.values()].flatMap((each) => each.ledger());
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

  closeBus(): Promise<void> {
    return this.environment.bus.close();
  }

  complete(): void {
    this.environment.bus.release();
    this.environment.complete();
  }
}

/** The handles in the places of their names. */
function inShape(shape: Shape, agents: ReadonlyMap<string, Agent>): unknown {
  return shape.map((part) => (typeof part === 'string' ? agents.get(part) : inShape(part, agents)));
}
