import type { KeptMessage, MessageOrigin } from '../../../messages/bus/Bus';
import type { Payload } from '../../../messages/payloads/Payload';
import type { StreamMessage } from './StreamMessage';

/** What becomes of a message at the host that has it. */
export interface MessageEnd {
  settled(): void;
  failed(cause: unknown): void;
  released(): void;
}

/** A message of a durable topic that has come to a host. The first word on it counts. */
export class TakenMessage implements KeptMessage {
  readonly topic: string;
  readonly payload: Payload;
  readonly origin: MessageOrigin;
  private isOver = false;

  constructor(
    { topic, payload, origin }: StreamMessage,
    readonly attempt: number,
    private readonly end: MessageEnd,
  ) {
    this.topic = topic;
    this.payload = payload;
    this.origin = origin;
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
