import type { ZodType } from 'zod';
import type { Payload } from '../payloads/Payload';
import { notAnAddress } from '../messageErrors';
import { Reading } from '../payloads/Reading';
import { encodePayload, readPayload } from '../payloads/schema';
import type { Address } from './topic';

/** A message that is about to be published, with what its publisher has read of it. */
export class Outgoing extends Reading {
  /** @param isRetained whether it is kept as its topic's last one */
  constructor(
    readonly topic: string,
    readonly data: Payload,
    readonly isRetained: boolean,
    /** The filter of its whole topic, if its messages are kept until they are dealt with. */
    readonly keptIn: string | undefined,
    schema: ZodType,
    value: unknown,
  ) {
    super(schema, value);
  }
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
  const { schema, retain, isDurable, filter } = to.topic;
  const data = encodePayload(topic, schema, payload);
  const value = readPayload(topic, schema, data);
  return new Outgoing(topic, data, retain === 'last', isDurable ? filter : undefined, schema, value);
}
