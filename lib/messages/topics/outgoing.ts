import type { ZodType } from 'zod';
import type { Payload } from '../payloads/Payload';
import { notAnAddress } from '../messageErrors';
import { Reading } from '../payloads/Reading';
import { encodePayload, readPayload } from '../payloads/schema';
import type { Address } from './topic';

/** A message that is about to be published. */
export interface Outgoing {
  readonly topic: string;
  readonly data: Payload;
  /** Whether it is kept as its topic's last one. */
  readonly isRetained: boolean;
  readonly reading: Reading;
}

/**
 * Makes a message of an address and a payload, encoded and checked by the topic's schema.
 *
 * @throws AgentError `bad-topic` for what is no address, `bad-message` with the path of what does not fit,
 * `message-too-large`
 */
export function outgoing(to: Address<unknown, ZodType>, payload: unknown): Outgoing {
  const { address: topic } = to as Partial<typeof to>;
  if (topic === undefined) throw notAnAddress(to);
  const { schema, retain } = to.topic;
  const data = encodePayload(topic, schema, payload);
  const reading = new Reading(schema, readPayload(topic, schema, data));
  return { topic, data, isRetained: retain === 'last', reading };
}
