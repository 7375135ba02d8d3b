import type { KeptMessage, MessageOrigin } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';
import type { KeptEntry } from './KeptEntry';

/** What a delivery may come to; one of them, and once. */
export interface DeliveryEnd {
  settled(): void;
  failed(cause: unknown): void;
  released(): void;
}

/** One delivery of a message that the host's own store keeps. */
export class StoredMessage implements KeptMessage {
  readonly topic: string;
  readonly payload: Payload;
  readonly origin: MessageOrigin;
  readonly attempt: number;
  readonly settlesWithTurn = true;
  private isOver = false;

  constructor(
    { topic, payload, number, sentAt, attempts }: KeptEntry,
    sender: string,
    private readonly end: DeliveryEnd,
  ) {
    this.topic = topic;
    this.payload = payload;
    this.attempt = attempts;
    this.origin = { id: `${sender}/${number}`, sender, sentAt, traceParent: undefined };
  }

  settle(): void {
    this.once(() => {
      this.end.settled();
    });
  }

  fail(cause: unknown): void {
    this.once(() => {
      this.end.failed(cause);
    });
  }

  release(): void {
    this.once(() => {
      this.end.released();
    });
  }

  private once(work: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    work();
  }
}
