import type { Observable } from 'rxjs';
import { AgentError } from '../AgentError';
import { messageOf, readable } from '../readError';
import type { HostFacts } from '../agent/definition/AgentContext';
import type { Agent } from '../agent/Agent';
import type { AgentHandle, Health } from '../agent/AgentHandle';
import type { AgentHost, AgentSupervisor } from '../agent/AgentHost';
import type { ConfigSchema } from '../agent/config/config';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { Offloader } from '../handlers/Offloader';
import { type BusOwner, HostBus } from '../messages/HostBus';
import { memoryBus } from '../messages/memoryBus';
import { guardedLog } from '../trace/guardedLog';
import { hidingLog } from '../trace/hidingLog';
import { followConfigs } from './followConfigs';
import type { AgentDefinition, Streams } from '../agent/definition/defineAgent';
import type { Failure } from '../agent/life/Incidents';
import { type RestartOptions, toRestart } from '../agent/definition/restart';
import type { Clock } from '../time/Clock';
import { toMs } from '../time/duration';
import { GuardedClock } from '../time/GuardedClock';
import { liveRandom, type RandomSource } from '../time/random';
import { Scheduler } from '../time/Scheduler';
import { Activity } from '../trace/Activity';
import type { LedgerEntry } from '../trace/Ledger';
import { consoleLog, type Log, type LogFields } from '../trace/Log';
import { Outlet } from '../trace/Outlet';
import { Trace } from '../trace/Trace';
import type { TraceEvent } from '../trace/TraceEvent';
import type { Host, HostOptions, HostStopReport, Output, StartArgs } from './createHost';
import type { AgentGroup, Startable, StartedAll } from './supervision/group';
import { Heartbeat } from './Heartbeat';
import { HostHealth } from './HostHealth';
import { Supervisor } from './supervision/Supervisor';

/** What a host consists of, and what others see of it: from outside, and its agents from inside. */
export abstract class HostFace implements Host, AgentHost, BusOwner {
  readonly name: string;
  readonly facts: HostFacts;
  readonly agents = new Map<string, Agent>();
  readonly condition: HostHealth;
  readonly scheduler: Scheduler;
  readonly bus: HostBus;
  readonly trace: Trace;
  readonly activity = new Activity();
  readonly random: RandomSource;
  readonly log: Log;
  readonly configs: ConfigStore | undefined;
  readonly offloader: Offloader | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly restart: RestartOptions | undefined;
  protected readonly stopDeadline: number;
  protected readonly outputs: Outlet<Output>;
  protected readonly errors: Outlet<AgentError>;
  private readonly heartbeat: Heartbeat | undefined;
  private readonly unfollowConfigs: (() => void) | undefined;
  private runs = 0;

  constructor(options: HostOptions, clock: Clock) {
    const {
      name = 'host',
      slack = 0,
      startTimeout = '30s',
      stopTimeout = '5s',
      stopDeadline = '30s',
      restart,
      log = consoleLog,
      random = liveRandom,
      bus = memoryBus(),
      heartbeat,
    } = options;
    const onThrow = (error: unknown): void => {
      this.observerFailed(error);
    };
    this.name = name;
    this.facts = { name };
    this.configs = options.configs;
    this.offloader = options.offload;
    this.log = guardedLog(
      this.configs?.hide === undefined ? log : hidingLog(log, this.configs.hide),
      (error) => {
        this.errors.next(observerFailed('The log threw', error));
      },
    );
    this.random = random;
    this.startTimeout = toMs(startTimeout);
    this.stopTimeout = toMs(stopTimeout);
    this.stopDeadline = toMs(stopDeadline);
    this.restart = restart;
    const onError = (error: unknown): void => {
      this.taskFailed(error);
    };
    this.scheduler = new Scheduler(new GuardedClock(clock, onError), { slack, onError });
    this.trace = new Trace(this.scheduler, onThrow);
    this.outputs = new Outlet(onThrow);
    this.errors = new Outlet(onThrow);
    this.condition = new HostHealth(this.scheduler, onThrow);
    this.unfollowConfigs = this.configs && followConfigs(this.configs, this);
    this.bus = new HostBus(bus, this);
    this.heartbeat = heartbeat === undefined ? undefined : new Heartbeat(this, heartbeat);
  }

  abstract start<S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    ...config: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>>;
  abstract startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>>;
  abstract stop(): Promise<HostStopReport>;
  /** Whether it stops, or has stopped: nobody starts any more. */
  abstract get isStopping(): boolean;
  abstract left(agent: Agent): void;

  get outputs$(): Observable<Output> {
    return this.outputs.$;
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  get health(): Health {
    return this.condition.current;
  }

  get health$(): Observable<Health> {
    return this.condition.$;
  }

  get trace$(): Observable<TraceEvent> {
    return this.trace.$;
  }

  ledger(): readonly LedgerEntry[] {
    return [...this.agents.values()].flatMap((agent) => agent.ledger());
  }

  nextRun(): number {
    return ++this.runs;
  }

  output(agent: string, stream: string, value: unknown): void {
    if (this.outputs.isObserved) this.outputs.next({ agent, stream, value, at: this.scheduler.now() });
    if (this.trace.isWatched) this.trace.write({ type: 'value', agent, stream, value });
  }

  report(error: AgentError): void {
    const { code, agent = this.name, stream, cause } = error;
    this.log.error(error.message, { agent, stream, code, cause: readable(cause) });
    this.errors.next(error);
    if (this.trace.isWatched) this.trace.write({ type: 'error', agent, error });
  }

  supervise(agent: Agent, then: Failure['then']): AgentSupervisor | undefined {
    const restart = agent.definition.restart ?? this.restart ?? (then === 'restart' ? {} : undefined);
    if (restart === undefined) return undefined;
    const supervisor = new Supervisor(this, toRestart(restart));
    supervisor.add(agent);
    return supervisor;
  }

  superviseGroup(group: AgentGroup): AgentSupervisor {
    return new Supervisor(this, toRestart(group.restart ?? this.restart ?? {}), group);
  }

  /** All agents have stopped: ends what the host itself has in use, and tells its readers. */
  protected async close(): Promise<void> {
    try {
      this.unfollowConfigs?.();
    } catch (error) {
      this.report(observerFailed('The store of the configs threw when it was let go of', error));
    }
    // It may throw where it should reject.
    void Promise.resolve()
      .then(() => this.offloader?.close())
      .catch((error: unknown) => {
        this.log.warn(`The pool for offloaded work could not be closed: ${messageOf(error)}`);
      });
    this.condition.stopped();
    this.heartbeat?.end();
    await this.bus.close();
    for (const outlet of [this.outputs, this.errors, this.trace]) outlet.complete();
  }

  warn(message: string, fields: LogFields): void {
    this.log.warn(message, fields);
  }

  private taskFailed(cause: unknown): void {
    this.report(new AgentError('task-failed', `Scheduled work threw: ${messageOf(cause)}`, { cause }));
  }

  observerFailed(cause: unknown): void {
    this.report(observerFailed('A subscriber threw', cause));
  }
}

function observerFailed(what: string, cause: unknown): AgentError {
  return new AgentError('observer-failed', `${what}: ${messageOf(cause)}`, { cause });
}
