import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { AgentError } from '../../AgentError';
import type { BusMessage } from '../../messages/bus/Bus';
import { guarded } from '../../trace/guarded';
import { Received, type Reader } from '../wire/Received';
import type { FeedListener } from './FeedListener';

/** One filter, with all on this host who listen to it: the server sends each message once, and it is read once. */
export class Feed {
  /** How many use it, those who do not listen yet included. */
  users = 0;
  private listeners: readonly FeedListener[] = [];
  private subscriptions: readonly Subscription[] = [];

  /** @param subjects those that the filter stands for */
  constructor(
    private readonly subjects: readonly string[],
    private readonly reader: Reader,
    private readonly onError: (error: unknown) => void,
    /** Of all hosts with the same, one gets each message. */
    private readonly queue: string | undefined,
  ) {}

  open(connection: NatsConnection): void {
    this.subscriptions = this.subjects.map((subject) =>
      connection.subscribe(subject, {
        ...(this.queue !== undefined && { queue: this.queue }),
        callback: (error, message) => {
          // A callback that throws would end the client's reading.
          if (error === null)
            guarded(() => {
              this.take(message);
            }, this.onError);
        },
      }),
    );
  }

  close(): void {
    for (const subscription of this.subscriptions) if (!subscription.isClosed()) subscription.unsubscribe();
    this.subscriptions = [];
  }

  add(listener: FeedListener): void {
    this.listeners = [...this.listeners, listener];
  }

  remove(listener: FeedListener): void {
    this.listeners = this.listeners.filter((other) => other !== listener);
  }

  private take(raw: Msg): void {
    const message = this.read(raw);
    if (message !== undefined) for (const listener of this.listeners) listener.take(message);
  }

  /** Undefined for what is no message of a topic: a call, or the server's own. */
  private read(raw: Msg): BusMessage | undefined {
    const { reader } = this;
    // It is read from bytes each time.
    const { reply = '' } = raw;
    if (reply !== '' && reader.isCall(reply)) return undefined;
    const topic = reader.topicOf(raw.subject);
    if (topic === undefined) return undefined;
    try {
      return new Received(topic, reader.payloadOf(topic, raw.data), raw);
    } catch (error) {
      return new Received(topic, undefined, raw, error as AgentError);
    }
  }
}
