import type { ZodType } from 'zod';
import type { HostBus } from '../../messages/bus/HostBus';
import { InMemoryBus } from '../../messages/memory/InMemoryBus';
import type { Payload } from '../../messages/payloads/Payload';
import type { Reading } from '../../messages/payloads/Reading';
import { outgoing } from '../../messages/topics/outgoing';
import type { Sent } from '../../messages/payloads/Sent';
import type { Address } from '../../messages/topics/topic';

/** The bus of a marble test's host, on which the body can publish as somebody else would. */
export class TestBus extends InMemoryBus {
  /** Who keeps what is published on durable topics. */
  host: { readonly bus: HostBus } | undefined;

  /** The process of its host has ended. */
  crash(): void {
    this.forget();
  }

  /**
   * Publishes a message, as an agent does.
   *
   * @throws AgentError `bad-message` with the path of what does not fit, `message-too-large`, `bus-disconnected`
   */
  override publish<Params, Schema extends ZodType>(
    address: Address<Params, Schema>,
    payload: Sent<Schema>,
  ): void;
  /** Publishes a message as it may come in from outside, whether it fits its schema or not. */
  override publish(topic: string, payload: Payload, retain?: boolean, reading?: Reading): void;
  override publish(
    to: string | Address<unknown, ZodType>,
    payload: unknown,
    retain = false,
    reading?: Reading,
  ): void {
    if (typeof to === 'string') {
      super.publish(to, payload as Payload, retain, reading);
      return;
    }
    const message = outgoing(to, payload);
    const { topic, data, isRetained, keptIn } = message;
    // On a host without a store it is heard by those who are subscribed without a name.
    if (keptIn === undefined || this.host?.bus.topics.areKept !== true)
      super.publish(topic, data, isRetained, message);
    else this.host.bus.topics.publish({ topic, data, keptIn, isRetained, reading: message });
  }
}
