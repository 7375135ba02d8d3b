import type { Reply } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';
import type { Procedure } from './procedure';

/** A call that has been received, as the trigger of a run. */
export class IncomingCall {
  /** Whether it has been answered, or called off. */
  isOver = false;

  constructor(
    readonly procedure: Procedure,
    readonly input: unknown,
    private readonly reply: (reply: Reply) => void,
  ) {}

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
