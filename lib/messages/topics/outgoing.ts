import type { ZodType } from 'zod';
import type { Payload } from '../payloads/Payload';
import { notAnAddress } from '../messageErrors';
import { Reading } from '../payloads/Reading';
import { encodePayload, readPayload } from '../payloads/schema';
import type { RouteHint } from './Router';
import type { Address } from './topic';

/** A message that is about to be published, with what its publisher has read of it. */
export class Outgoing extends Reading {
  constructor(
    private readonly to: Address<unknown, ZodType>,
    readonly data: Payload,
    value: unknown,
  ) {
    super(to.topic.schema, value);
  }

  get topic(): string {
    return this.to.address;
  }

  /** Whether it is kept as its topic's last one. */
  get isRetained(): boolean {
    return this.to.topic.retain === 'last';
  }

  /** The filter of its whole topic, if its messages are kept until they are dealt with. */
  get keptIn(): string | undefined {
    const { topic } = this.to;
    return topic.isDurable ? topic.filter : undefined;
  }

  override get hint(): RouteHint | undefined {
    const { to } = this;
    return 'place' in to ? (to as RouteHint) : undefined;
  }

  /** The parameters, if it was made by that very topic, and they are known. */
  override paramsBy(topic: object): unknown {
    const { to } = this;
    return to.topic === topic ? (to as { readonly params?: unknown }).params : undefined;
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
  const { schema } = to.topic;
  const data = encodePayload(topic, schema, payload);
  return new Outgoing(to, data, readPayload(topic, schema, data));
}
