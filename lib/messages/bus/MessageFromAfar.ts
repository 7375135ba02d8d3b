import type { Message } from './AgentBus';
import type { BusMessage, MessageOrigin } from './Bus';

/** A message that a bus tells the origin of. That is read when somebody asks. */
export class MessageFromAfar<Params, Payload> implements Message<Params, Payload> {
  readonly #message: BusMessage;

  constructor(
    message: BusMessage,
    readonly topic: string,
    readonly params: Params,
    readonly payload: Payload,
    readonly at: number,
  ) {
    this.#message = message;
  }

  get origin(): MessageOrigin | undefined {
    return this.#message.origin;
  }
}
