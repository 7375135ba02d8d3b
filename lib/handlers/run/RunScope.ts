import type { Moment } from '../../time/clock/Moment';
import type { Deviations } from '../../time/choices/Deviations';
import type { Worker } from '../../time/present/Present';
import type { RandomSource } from '../../time/spans/random';
import type { Timers } from '../../time/queue/Timers';
import type { AgentStore } from '../../store/AgentStore';
import type { Activity } from '../../trace/Activity';
import type { RunnerPart } from '../../trace/Ledger';
import type { Log } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import type { Caller } from '../waits/Callable';
import type { HandlerError } from './HandlerError';
import type { Offloader } from '../waits/Offloader';
import type { OnError } from '../policies/options';

/** What a handler operator belongs to: the agent's view of its host, or a scope of its own. */
export interface RunScope extends Pick<Timers, 'now' | 'arm' | 'disarm' | 'present'> {
  /** The agent's name; empty for an operator that is in none. */
  readonly agent: string;
  readonly trace: Pick<Trace, 'isWatched' | 'isWatchedForRuns' | 'write'>;
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  readonly offloader: Offloader | undefined;
  /** What carries the calls of its runs; undefined where there is no bus. */
  readonly caller: Caller | undefined;
  /** What is durable in the agent, made when it is asked for; undefined where there is no agent. */
  readonly durables: AgentStore | undefined;
  readonly deviations: Deviations | undefined;
  /** The instant, or a slightly earlier one of the same turn of the host: for what is shown only. */
  lately(): Moment;
  /** Takes note of an operator that has been subscribed, and gives what it is part of. */
  enter(part: RunnerPart): Worker;
  leave(part: RunnerPart): void;
  /** Gives the next number for a run. */
  nextRun(): number;
  /** Is told that a run has failed for good; its operator counts as failing from now on. */
  failed(part: RunnerPart, error: HandlerError, then: OnError): void;
  /** Is told that an operator goes on failing, for a reason; it counts as failing from now on. */
  struggles(part: RunnerPart, reason: string): void;
  /** Takes note of a handler that may restart its agent. */
  mayRestart(): void;
  /** Whether an operator of that stream and name has failed for good, and is gone since. */
  wasFailing(part: RunnerPart): boolean;
  /** Is told that an operator which was failing has succeeded. */
  recovered(part: RunnerPart): void;
  /** Is told that the handler of a run has come to its end. */
  runEnded(): void;
}
