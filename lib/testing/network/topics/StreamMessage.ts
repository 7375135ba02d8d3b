import type { MessageOrigin } from '../../../messages/bus/Bus';
import type { Payload } from '../../../messages/payloads/Payload';

/** A message of a durable topic, as the servers keep it. */
export interface StreamMessage {
  readonly number: number;
  readonly topic: string;
  readonly payload: Payload;
  readonly origin: MessageOrigin & { readonly id: string };
}
