import type { Worker } from '../../time/present/Present';
import type { RandomSource } from '../../time/spans/random';
import type { Timers } from '../../time/queue/Timers';
import type { Activity } from '../../trace/Activity';
import type { Part, RunnerPart } from '../../trace/Ledger';
import type { Log } from '../../trace/Log';
import type { Trace } from '../../trace/Trace';
import type { Caller } from '../waits/Callable';
import type { HandlerError } from './HandlerError';
import type { Offloader } from '../waits/Offloader';
import type { OnError } from '../policies/options';

/** What a handler operator belongs to: the agent's view of its host. */
export interface RunScope extends Timers {
  readonly agent: string;
  readonly trace: Trace;
  readonly activity: Activity;
  readonly random: RandomSource;
  readonly log: Log;
  readonly offloader: Offloader | undefined;
  readonly caller: Caller;
  /** Takes note of an operator that has been subscribed, and gives what it is part of. */
  enter(part: Part): Worker;
  leave(part: Part): void;
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
