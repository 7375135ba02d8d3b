import type { AgentError } from '../../AgentError';
import type { BusMessage, MessageOrigin } from '../../messages/bus/Bus';
import type { Payload } from '../../messages/payloads/Payload';
import { type Headers, originOf } from './head';

/** How what has come in is read. */
export interface Reader {
  /** Undefined if it is no topic's. */
  topicOf(subject: string): string | undefined;
  /** @throws AgentError */
  payloadOf(topic: string, data: Uint8Array): Payload;
  /** Whether what asks for an answer there is a call. */
  isCall(reply: string): boolean;
}

/** A message that has come in. Its headers are read when somebody asks. */
export class Received implements BusMessage {
  private known: MessageOrigin | undefined;

  constructor(
    readonly topic: string,
    readonly payload: Payload,
    private readonly raw: { readonly headers?: Headers },
    readonly unreadable?: AgentError,
  ) {}

  get origin(): MessageOrigin {
    return (this.known ??= originOf(this.raw.headers));
  }
}
