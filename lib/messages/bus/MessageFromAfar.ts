import { type Hold, HOLD } from '../../handlers/policies/Hold';
import type { Message } from './AgentBus';
import type { BusMessage, MessageOrigin } from './Bus';

/** A message that a bus tells the origin of. That is read when somebody asks. */
export class MessageFromAfar<Params, Payload> implements Message<Params, Payload> {
  readonly #message: BusMessage;
  #hold: Hold | undefined;

  constructor(
    message: BusMessage,
    readonly topic: string,
    readonly params: Params,
    readonly payload: Payload,
    readonly at: number,
  ) {
    this.#message = message;
  }

  /** Lets whoever handles it say what becomes of it. */
  heldBy(hold: Hold): this {
    this.#hold = hold;
    return this;
  }

  get [HOLD](): Hold | undefined {
    return this.#hold;
  }

  get origin(): MessageOrigin | undefined {
    return this.#message.origin;
  }

  /** What a durable handler or timer keeps of it. */
  toJSON(): Message<Params, Payload> {
    const { topic, params, payload, at, origin } = this;
    return { topic, params, payload, at, ...(origin && { origin: { ...origin } }) };
  }
}
