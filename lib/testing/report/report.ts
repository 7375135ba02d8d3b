import type { AgentError } from '../../AgentError';
import type { LedgerEntry } from '../../trace/Ledger';
import type { Guess } from '../foreign/Guesses';
import type { TraceEvent } from '../../trace/TraceEvent';

/** What a marble test has come to. */
export interface MarbleReport {
  /** The seed of all that was random; give it as an option to see the same again. */
  readonly seed: number;
  /** The frame (ms from the start) at which time came to a halt. */
  readonly endedAt: number;
  /** What happened, in order: all of it in a short test, in a long one the beginning and the latest runs. */
  readonly trace: readonly TraceEvent[];
  /** What was armed and in flight at the end, before the agents that were left running were stopped. */
  readonly inFlight: readonly LedgerEntry[];
  /** Where the time of the test did not follow from what was known, if anywhere: see {@link Guess}. */
  readonly guesses: readonly Guess[];
  /** What went wrong in the agents. */
  readonly errors: readonly AgentError[];
}
