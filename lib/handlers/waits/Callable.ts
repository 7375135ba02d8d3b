import type { Deadlines } from '../../time/queue/Deadlines';

/** What a run can call; a procedure is one. */
export interface Callable<Input, Output> {
  readonly name: string;
  /** For the compiler alone: what it is called with, and what it gives. */
  readonly '~types'?: { take(input: Input): void; readonly gives: Output } | undefined;
}

/** Takes the answer to a call: one of the two, once. */
export interface Answer {
  succeed(output: unknown): void;
  fail(error: unknown): void;
}

/** Carries the calls of an agent's runs. */
export interface Caller {
  readonly deadlines: Pick<Deadlines, 'arm' | 'disarm'>;
  /**
   * Sends a call and gives the way to call it off. The answer comes later, never within this.
   *
   * @throws AgentError if it cannot be sent
   */
  send(procedure: Callable<unknown, unknown>, input: unknown, answer: Answer): () => void;
}
