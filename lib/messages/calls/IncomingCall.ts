import type { OnThrow } from '../../trace/IsolatingObservable';
import type { Reply } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';
import type { Procedure } from './procedure';

/** A call that has been received, as the trigger of a run. */
export class IncomingCall {
  /** Whether it has been answered, or called off. */
  isOver = false;

  /** @param onThrow is told what `reply` throws */
  constructor(
    readonly procedure: Procedure,
    readonly input: unknown,
    private readonly reply: (reply: Reply) => void,
    private readonly onThrow: OnThrow,
  ) {}

  succeed(payload: Payload, reading: Reading | undefined): void {
    this.end({ isOk: true, payload, reading });
  }

  fail(code: string, message: string): void {
    this.end({ isOk: false, code, message });
  }

  private end(reply: Reply): void {
    if (this.isOver) return;
    this.isOver = true;
    try {
      this.reply(reply);
    } catch (error) {
      this.onThrow(error);
    }
  }
}
