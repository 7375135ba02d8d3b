import type { AgentError } from '../AgentError';
import type { Offloader } from '../handlers/waits/Offloader';
import type { HostBus } from '../messages/bus/HostBus';
import type { HostStore } from '../store/HostStore';
import type { Deviations } from '../time/choices/Deviations';
import type { RandomSource } from '../time/spans/random';
import type { Scheduler } from '../time/queue/Scheduler';
import type { Activity } from '../trace/Activity';
import type { Log } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { HostFacts } from './definition/AgentContext';
import type { HealthWatcher } from './health/HealthMonitor';

/** What agents have of the host that runs them: one of each, for all. */
export interface AgentHost {
  readonly facts: HostFacts;
  readonly scheduler: Scheduler;
  readonly bus: HostBus;
  readonly trace: Trace;
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  /** What blocking work is given to, if anything. */
  readonly offloader: Offloader | undefined;
  /** What keeps what of an agent outlives the process, if anything does. */
  storeOf(agent: string): HostStore | undefined;
  /** The same, if anything has been durable so far. */
  usedStoreOf(agent: string): HostStore | undefined;
  /** Tells of agents for which something is kept, and which nobody starts. */
  readonly forgotten: { look(): void };
  /** Where an agent's durable parts are at home: on this host, or on all. */
  homeOf(agent: string): string;
  /** What a search does to its work; undefined where nobody searches. */
  readonly deviations: Deviations | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly condition: HealthWatcher;
  nextRun(): number;
  /** Takes what a stream has emitted. */
  output(agent: string, stream: string, value: unknown): void;
  /** Takes what has gone wrong. */
  report(error: AgentError): void;
}
