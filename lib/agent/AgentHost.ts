import type { AgentError } from '../AgentError';
import type { Offloader } from '../handlers/Offloader';
import type { HostBus } from '../messages/HostBus';
import type { RandomSource } from '../time/random';
import type { Scheduler } from '../time/Scheduler';
import type { Activity } from '../trace/Activity';
import type { LedgerEntry } from '../trace/Ledger';
import type { Log } from '../trace/Log';
import type { Trace } from '../trace/Trace';
import type { Agent } from './Agent';
import type { HostFacts } from './definition/AgentContext';
import type { ConfigStore } from './config/ConfigStore';
import type { HealthWatcher } from './health/HealthKeeper';
import type { Failure } from './life/Incidents';
import type { RestartOptions } from './definition/restart';

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
  /** How agents that do not say it themselves are restarted, if at all. */
  readonly restart: RestartOptions | undefined;
  readonly condition: HealthWatcher;
  nextRun(): number;
  /** Takes what a stream has emitted. */
  output(agent: string, stream: string, value: unknown): void;
  /** Is told that an agent has stopped, or could not be set up. */
  left(agent: Agent): void;
  /** Takes what has gone wrong. */
  report(error: AgentError): void;
  /** Who decides what becomes of an agent that has failed and belongs to no group, if anybody. */
  supervise(agent: Agent, then: Failure['then']): AgentSupervisor | undefined;
}

/** Who restarts an agent, as that agent sees it. */
export interface AgentSupervisor {
  /** A new agent is under its care from now on. */
  add(agent: Agent): void;
  /** The agent's life has failed and is about to end. Says whether there will be another one. */
  failed(agent: Agent, error: unknown): boolean;
  /** A life has ended behind which there is to be another one. */
  down(agent: Agent): void;
  /** The agent is ready. */
  up(agent: Agent): void;
  /** The agent is gone for good. */
  left(agent: Agent): void;
  /** What is armed for an agent that is down. */
  ledger(agent: Agent): readonly LedgerEntry[];
}
