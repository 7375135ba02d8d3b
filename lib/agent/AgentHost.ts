import type { AgentError } from '../AgentError';
import type { Offloader } from '../handlers/Offloader';
import type { HostBus } from '../messages/HostBus';
import type { RandomSource } from '../time/random';
import type { Scheduler } from '../time/Scheduler';
import type { Activity } from '../trace/Activity';
import type { Log } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { HostFacts } from './AgentContext';
import type { ConfigStore } from './ConfigStore';

/** The host as its agents see it. */
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
  /** Where agents that are given no config find theirs, if anywhere. */
  readonly configs: ConfigStore | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  nextRun(): number;
  /** Takes what a stream has emitted. */
  output(agent: string, stream: string, value: unknown): void;
  /** Is told that an agent has stopped, or could not be set up. */
  left(agent: string): void;
  /** Takes what has gone wrong. */
  report(error: AgentError): void;
}
