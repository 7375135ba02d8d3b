/** What a schema says of its types, in the words of the Standard Schema; zod's schemas say it. */
interface Typed<Input, Output> {
  readonly '~standard': {
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a run can call; a procedure is one. */
export interface Callable<Input, Output> {
  readonly name: string;
  readonly input: Typed<Input, unknown>;
  readonly output: Typed<unknown, Output>;
}

/** Takes the answer to a call: one of the two, once. */
export interface Answer {
  succeed(output: unknown): void;
  fail(error: unknown): void;
}

/** Carries the calls of an agent's runs. */
export interface Caller {
  /**
   * Sends a call and gives the way to call it off. The answer comes later, never within this.
   *
   * @throws AgentError if it cannot be sent
   */
  send(procedure: Callable<unknown, unknown>, input: unknown, answer: Answer): () => void;
}
