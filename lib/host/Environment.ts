import type { AgentHost } from '../agent/AgentHost';
import type { ConfigStore } from '../agent/config/ConfigStore';
import type { HostFacts } from '../agent/definition/AgentContext';
import type { RestartOptions } from '../agent/definition/restart';
import type { AgentError } from '../AgentError';
import type { Offloader } from '../handlers/waits/Offloader';
import { type BusOwner, HostBus } from '../messages/bus/HostBus';
import { memoryBus } from '../messages/memory/memoryBus';
import type { Lease } from '../messages/kept/HostTopics';
import { HostStore } from '../store/HostStore';
import type { Store } from '../store/Store';
import type { Deviations } from '../time/choices/Deviations';
import type { Clock } from '../time/clock/Clock';
import { toMs } from '../time/spans/duration';
import { GuardedClock } from '../time/clock/GuardedClock';
import { liveRandom, type RandomSource } from '../time/spans/random';
import { Scheduler, type TaskQueue } from '../time/queue/Scheduler';
import { Activity } from '../trace/Activity';
import { guardedLog } from '../trace/guardedLog';
import { hidingLog } from '../trace/hidingLog';
import { consoleLog, type Log } from '../trace/Log';
import { Outlet } from '../trace/Outlet';
import { Trace } from '../trace/Trace';
import type { HostOptions, Output } from './Host';
import { Singletons, type SingletonsHost } from './singleton/Singletons';
import { Forgotten } from './Forgotten';
import { HostHealth } from './HostHealth';
import { Reports } from './Reports';

/** What a test puts in the place of a host's parts, or adds to them. */
export interface TestParts {
  readonly scheduler?: Scheduler;
  readonly activity?: Activity;
  /** What the scheduler keeps its tasks in, where it is the host's own. */
  readonly queue?: TaskQueue;
  readonly deviations?: Deviations | undefined;
}

/** A clock that wakes nobody. */
const NO_CLOCK: Clock = {
  now: () => 0,
  wallNow: () => 0,
  wakeAt: () => undefined,
  cancel: () => undefined,
};

/** What a host and its agents share: one of each. To make it opens nothing. */
export class Environment implements AgentHost, BusOwner, SingletonsHost {
  readonly name: string;
  readonly facts: HostFacts;
  scheduler: Scheduler;
  readonly bus: HostBus;
  trace: Trace;
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  readonly configs: ConfigStore | undefined;
  readonly offloader: Offloader | undefined;
  usedStore: HostStore | undefined;
  readonly singletons: Singletons;
  readonly forgotten = new Forgotten(this);
  readonly deviations: Deviations | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly stopDeadline: number;
  readonly restart: RestartOptions | undefined;
  readonly condition: HostHealth;
  readonly reports: Reports;
  outputs: Outlet<Output>;
  readonly port: Store | undefined;
  private drawn: string | undefined;
  private runs: number;

  /**
   * @param former the one of a host that has vanished: who reads of that host goes on reading here
   * @param beside that of another host of one test: trace and activity are that one's
   * @throws AgentError `bad-duration` or `bad-option`
   */
  constructor(
    options: HostOptions,
    clock: Clock,
    given?: TestParts,
    former?: Environment,
    private readonly beside?: Environment,
  ) {
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
      configs,
      offload,
      store,
      leases = bus.leases,
    } = options;
    this.name = name;
    this.facts = { name };
    this.configs = configs;
    this.offloader = offload;
    this.deviations = given?.deviations ?? former?.deviations;
    const hidden = configs?.hide === undefined ? log : hidingLog(log, (text) => configs.hide?.(text) ?? text);
    this.log = guardedLog(hidden, (error) => {
      this.reports.logFailed(error);
    });
    this.random = random;
    this.startTimeout = toMs(startTimeout);
    this.stopTimeout = toMs(stopTimeout);
    this.stopDeadline = toMs(stopDeadline);
    this.restart = restart;
    this.reports = new Reports(name, this.log, () => this.trace, former?.reports);
    const { observerFailed } = this.reports;
    const onError = (error: unknown): void => {
      this.reports.taskFailed(error);
    };
    this.activity = (beside ?? given)?.activity ?? new Activity();
    this.scheduler =
      (former ?? given)?.scheduler ??
      new Scheduler(new GuardedClock(clock, onError), { slack, onError }, given?.queue);
    this.trace = (former ?? beside)?.trace ?? new Trace(this.scheduler, observerFailed);
    this.outputs = former?.outputs ?? new Outlet(observerFailed);
    this.runs = former?.runs ?? 0;
    this.condition = new HostHealth(this.scheduler, observerFailed);
    this.bus = new HostBus(bus, this);
    this.port = store;
    this.singletons = new Singletons(this, leases);
  }

  storeOf(agent: string): HostStore | undefined {
    const singleton = this.singletons.get(agent);
    return singleton === undefined ? this.store : singleton.store;
  }

  usedStoreOf(agent: string): HostStore | undefined {
    const singleton = this.singletons.get(agent);
    return singleton === undefined ? this.usedStore : singleton.usedStore;
  }

  leaseOf(agent: string): Lease | undefined {
    return this.singletons.get(agent);
  }

  homeOf(agent: string): string {
    return this.singletons.get(agent) === undefined ? this.name : 'singleton';
  }

  /** What names it among all hosts, those of its name included. */
  get id(): string {
    return (this.drawn ??= `${this.name} ${[1, 2, 3].map(() => liveRandom().toString(36).slice(2)).join('')}`);
  }

  /** Made for the first durable part. */
  get store(): HostStore | undefined {
    if (this.port !== undefined) this.usedStore ??= new HostStore(this.port, this);
    return this.usedStore;
  }

  nextRun(): number {
    return this.beside?.nextRun() ?? ++this.runs;
  }

  output(agent: string, stream: string, value: unknown): void {
    if (this.outputs.isObserved) this.outputs.next({ agent, stream, value, at: this.scheduler.now() });
    if (this.trace.isWatched) this.trace.write({ type: 'value', agent, stream, value });
  }

  report(error: AgentError): void {
    this.reports.report(error);
  }

  info(message: string): void {
    this.log.info(message);
  }

  warn(message: string): void {
    this.reports.warn(message);
  }

  observerFailed(error: unknown): void {
    this.reports.observerFailed(error);
  }

  /** The process has ended: what still holds on to this reaches nobody any more, and is never called. */
  vanish(): void {
    this.bus.release();
    this.usedStore?.vanish();
    this.forgotten.vanish();
    this.singletons.vanish();
    this.scheduler = new Scheduler(NO_CLOCK);
    this.trace = new Trace(this.scheduler, () => undefined);
    this.outputs = new Outlet(() => undefined);
  }

  /** Nothing comes any more, for any of its readers. */
  complete(): void {
    this.outputs.complete();
    this.reports.complete();
    if (this.beside === undefined) this.trace.complete();
  }
}
