import type { Observable } from 'rxjs';
import { AgentError, messageOf } from '../AgentError';
import type { HostFacts } from '../agent/AgentContext';
import type { AgentHandle, StopReport } from '../agent/AgentHandle';
import type { AgentHost } from '../agent/AgentHost';
import type { ConfigSchema } from '../agent/config';
import type { ConfigStore } from '../agent/ConfigStore';
import type { AgentDefinition, Streams } from '../agent/defineAgent';
import { LiveAgent, type StartObserver } from '../agent/LiveAgent';
import type { Offloader } from '../handlers/Offloader';
import { type BusOwner, HostBus } from '../messages/HostBus';
import { memoryBus } from '../messages/memoryBus';
import type { Clock } from '../time/Clock';
import { toMs } from '../time/duration';
import { liveRandom, type RandomSource } from '../time/random';
import { Scheduler } from '../time/Scheduler';
import { Activity } from '../trace/Activity';
import type { LedgerEntry } from '../trace/Ledger';
import { hidingLog } from '../trace/hidingLog';
import { consoleLog, type Log } from '../trace/Log';
import { Outlet } from '../trace/Outlet';
import { Trace } from '../trace/Trace';
import type { TraceEvent } from '../trace/TraceEvent';
import { followConfigs } from './followConfigs';
import type { Host, HostOptions, HostStopReport, Output, StartArgs } from './createHost';

/** A host at work. */
export class LiveHost implements Host, AgentHost, BusOwner {
  readonly name: string;
  readonly facts: HostFacts;
  readonly agents = new Map<string, LiveAgent>();
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
  private readonly outputs: Outlet<Output>;
  private readonly errors: Outlet<AgentError>;
  private readonly unfollowConfigs: (() => void) | undefined;
  private runs = 0;
  private stopping: Promise<HostStopReport> | undefined;

  constructor(options: HostOptions, clock: Clock) {
    const {
      name = 'host',
      slack = 0,
      startTimeout = '30s',
      stopTimeout = '5s',
      log = consoleLog,
      random = liveRandom,
      bus = memoryBus(),
    } = options;
    const onThrow = (error: unknown): void => {
      this.observerFailed(error);
    };
    this.name = name;
    this.facts = { name };
    this.configs = options.configs;
    this.offloader = options.offload;
    this.log = this.configs?.hide === undefined ? log : hidingLog(log, this.configs.hide);
    this.random = random;
    this.startTimeout = toMs(startTimeout);
    this.stopTimeout = toMs(stopTimeout);
    this.scheduler = new Scheduler(clock, {
      slack,
      onError: (error) => {
        this.taskFailed(error);
      },
    });
    this.trace = new Trace(this.scheduler, onThrow);
    this.outputs = new Outlet(onThrow);
    this.errors = new Outlet(onThrow);
    this.unfollowConfigs = this.configs && followConfigs(this.configs, this);
    this.bus = new HostBus(bus, this);
  }

  get outputs$(): Observable<Output> {
    return this.outputs.$;
  }

  get errors$(): Observable<AgentError> {
    return this.errors.$;
  }

  get trace$(): Observable<TraceEvent> {
    return this.trace.$;
  }

  start<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    ...[config]: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    return new Promise((resolve, reject) => {
      const agent = this.setUp(definition, config, {
        ready: () => {
          resolve(agent as unknown as AgentHandle<S, Schema>);
        },
        failed: reject,
      });
      this.scheduler.schedule(() => {
        agent.start();
      });
    });
  }

  /** Sets an agent up, synchronously; who calls this starts it, too. */
  setUp<S extends Streams, Schema extends ConfigSchema>(
    definition: AgentDefinition<Schema, S>,
    config: unknown,
    observer: StartObserver,
  ): LiveAgent {
    const { name } = definition;
    if (this.stopping !== undefined) {
      throw new AgentError(
        'host-stopped',
        `${name} cannot start: ${this.name} has been stopped. Create another host.`,
        { agent: name },
      );
    }
    if (this.agents.has(name)) {
      const message = `${name} runs in ${this.name} already. Stop that one first, or give the other agent a name of its own.`;
      throw new AgentError('duplicate-agent', message, { agent: name });
    }
    // What an agent's config and streams are is the business of its definition and its handle alone.
    const agent = new LiveAgent(this, definition, config);
    this.agents.set(name, agent);
    agent.setUp(observer);
    return agent;
  }

  stop(): Promise<HostStopReport> {
    if (this.stopping === undefined) {
      let done: (report: HostStopReport) => void = () => undefined;
      // It is there before the first agent hears of it, since that one may stop the host or start another agent.
      this.stopping = new Promise((resolve) => {
        done = resolve;
      });
      this.stopAgents(done);
    }
    return this.stopping;
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
    try {
      this.log.error(error.message, { agent, stream, code, cause });
    } catch (thrown) {
      this.errors.next(observerFailed('The log threw', thrown));
    }
    this.errors.next(error);
    if (this.trace.isWatched) this.trace.write({ type: 'error', agent, error });
  }

  left(agent: string): void {
    this.agents.delete(agent);
  }

  private stopAgents(done: (report: HostStopReport) => void): void {
    const agents = [...this.agents.values()].reverse();
    const reports: StopReport[] = [];
    const settle = (): void => {
      if (reports.length < agents.length) return;
      this.letGo();
      void this.bus.close().then(() => {
        for (const outlet of [this.outputs, this.errors, this.trace]) outlet.complete();
        done({ agents: reports, left: reports.flatMap(({ left }) => left) });
      });
    };
    for (const agent of agents) {
      agent.shutDown((report) => {
        reports.push(report);
        settle();
      });
    }
    if (agents.length === 0) settle();
  }

  /** Lets go of what the host was given for its lifetime. */
  private letGo(): void {
    this.unfollowConfigs?.();
    this.offloader?.close().catch((error: unknown) => {
      this.log.warn(`The pool for offloaded work could not be closed: ${messageOf(error)}`);
    });
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
