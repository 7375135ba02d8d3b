import type { AgentError } from '../../AgentError';
import { guarded } from '../../trace/guarded';
import type { BusMessage, KeptMessage, MessageOrigin } from '../bus/Bus';
import type { Payload } from '../payloads/Payload';

/** What becomes of a message that has been handed over; one of them, and once. */
export interface Outcome {
  settled(): void;
  /** It could not be dealt with, and comes again after a while. */
  comesAgain(): void;
  /** It could not be dealt with, as often as it may come. */
  isDead(cause: unknown): void;
  /** Who has had it stops: it comes again at once. */
  released(): void;
}

/** One delivery of a message of a durable topic, wherever that is kept. The first word on it counts. */
export class HandedMessage implements KeptMessage {
  private isOver = false;

  /**
   * @param attempt how often it has come, this time included
   * @param most how often it may come
   */
  constructor(
    private readonly message: BusMessage,
    readonly attempt: number,
    private readonly most: number,
    private readonly outcome: Outcome,
    readonly settlesWithTurn = false,
  ) {}

  get topic(): string {
    return this.message.topic;
  }

  get payload(): Payload {
    return this.message.payload;
  }

  get origin(): MessageOrigin | undefined {
    return this.message.origin;
  }

  get unreadable(): AgentError | undefined {
    return this.message.unreadable;
  }

  /** Hands it to the one who takes it. What that one throws is told, and the message has failed by it. */
  handTo(taker: { take(message: KeptMessage): void }, onError: (error: unknown) => void): void {
    guarded(
      () => {
        taker.take(this);
      },
      (error) => {
        onError(error);
        this.fail(error);
      },
    );
  }

  settle(): void {
    if (this.isFirst()) this.outcome.settled();
  }

  fail(cause: unknown): void {
    if (!this.isFirst()) return;
    if (this.attempt >= this.most) this.outcome.isDead(cause);
    else this.outcome.comesAgain();
  }

  release(): void {
    if (this.isFirst()) this.outcome.released();
  }

  private isFirst(): boolean {
    const { isOver } = this;
    this.isOver = true;
    return !isOver;
  }
}
