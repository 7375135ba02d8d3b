import type { ServedCall } from './AgentBus';
import type { Reply } from './Bus';
import { type Payload, toPayload } from './json';
import type { Procedure } from './procedure';
import { readPayload } from './schema';

/** A call that has been received, as the trigger of a run. */
export class IncomingCall {
  /** Whether it has been answered, or called off. */
  isOver = false;

  constructor(
    readonly procedure: Procedure,
    readonly input: unknown,
    private readonly reply: (reply: Reply) => void,
  ) {}

  /**
   * Reads what a handler has given.
   *
   * @throws AgentError `bad-message`
   */
  answered(given: unknown): Answered {
    const { name, output } = this.procedure;
    const payload = toPayload(name, given);
    return new Answered(this, payload, readPayload(name, output, payload));
  }

  succeed(payload: Payload): void {
    this.end({ isOk: true, payload });
  }

  fail(code: string, message: string): void {
    this.end({ isOk: false, code, message });
  }

  private end(reply: Reply): void {
    if (this.isOver) return;
    this.isOver = true;
    this.reply(reply);
  }
}

/** The answer to a call, which counts only if its run has come to a good end with it. */
export class Answered {
  constructor(
    private readonly call: IncomingCall,
    private readonly payload: Payload,
    private readonly output: unknown,
  ) {}

  send(): ServedCall<unknown, unknown> {
    const { call, output } = this;
    call.succeed(this.payload);
    return { input: call.input, output };
  }
}
