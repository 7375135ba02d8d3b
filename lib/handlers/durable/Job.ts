import type { Json } from '../../store/Json';

/** A trigger that a durable handler has taken, until its run has settled for good. */
export interface Job<T = unknown> {
  /** Its number: a later job has a greater one. */
  readonly id: string;
  readonly trigger: T;
  /** The trigger as it is kept. */
  readonly kept: Json;
  /** How many attempts have begun, in all lives. */
  attempts: number;
  /** In how many lives in a row it was run, and neither got on nor was stopped: the process may have died of it. */
  crashes: number;
  /** The batch that it was written in; it is kept when that is. */
  readonly batch: number;
  /** What its steps have given, by their names, as these are written. */
  steps: Map<string, Json> | undefined;
}

/** What a run has of its job. */
export interface RunJob {
  /** The same in all attempts, and no other job's. */
  readonly key: string;
  /** What a step has given, if it was kept. */
  stepOf(name: string): Json | undefined;
  /**
   * Takes note of a step of this attempt.
   *
   * @throws AgentError `bad-option` if there was one of that name, or for a name that cannot be one
   */
  beginStep(name: string): void;
  /** Makes JSON of what a step gives. Throws AgentError `cannot-keep`. */
  write(name: string, value: unknown, schema: unknown): Json;
  read(name: string, kept: Json, schema: unknown): unknown;
  /** It waits for time, or for somebody outside: whatever ends the process now, it is not this job. */
  waitsOutside(): void;
  /** Keeps what a step has given, unless the job is over. */
  keepStep(name: string, kept: Json): void;
  /** What is left of the time that a step waits at most, in ms, by the wall clock: it passes over lives. */
  leftOf(name: string, timeout: number): number;
  /** The instant by the wall clock. */
  wallNow(): number;
  whenKept(kept: () => void, refused: (error: unknown) => void): void;
}
