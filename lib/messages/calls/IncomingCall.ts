import type { ZodType } from 'zod';
import type { OnThrow } from '../../trace/IsolatingObservable';
import type { Reply } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';
import { isConstant, Reading } from '../payloads/Reading';
import type { Procedure } from './procedure';

/** An answer, with what its server has read of it. */
class Answer extends Reading {
  readonly isOk = true;

  constructor(
    readonly payload: Payload,
    schema: ZodType,
    output: unknown,
  ) {
    super(schema, output);
  }

  get reading(): Reading {
    return this;
  }
}

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

  /** @param output what the server has read of the payload */
  succeed(payload: Payload, output: unknown): void {
    // What can be changed is for those alone who listen to the stream: the caller reads it anew.
    this.end(
      isConstant(output) ? new Answer(payload, this.procedure.output, output) : { isOk: true, payload },
    );
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
