import { AgentError } from '../../AgentError';
import { ActiveRun } from '../../handlers/run/ActiveRun';
import type { ServedCall } from '../bus/AgentBus';
import type { IncomingCall } from './IncomingCall';
import type { Payload } from '../payloads/Payload';
import { encodePayload, readPayload } from '../payloads/schema';

/** The run of a handler for a call: what the handler gives is read by the procedure's schema, and is the answer. */
export class CallRun extends ActiveRun<IncomingCall, ServedCall<unknown, unknown>> {
  override succeed(given: unknown): void {
    const { input, procedure } = this.trigger;
    let payload: Payload;
    let output: unknown;
    try {
      payload = encodePayload(procedure.name, procedure.output, given);
      output = readPayload(procedure.name, procedure.output, payload);
    } catch (error) {
      this.reject(error);
      return;
    }
    const { isLive } = this;
    super.succeed({ input, output });
    if (isLive) this.trigger.succeed(payload, output);
  }

  override settle(): void {
    const { procedure, isOver } = this.trigger;
    if (!this.isLive || isOver) super.settle();
    else
      this.reject(
        new AgentError(
          'bad-message',
          `${procedure.name}: its handler has to return a promise of the one answer.`,
        ),
      );
  }
}
