import { AgentError } from '../../AgentError';

/** What the messages that are kept may have in all, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface Kept {
  readonly topic: string;
  readonly size: number;
  send(): void;
}

/** Keeps what is published while the connection is away, up to a bound, and sends it in its order when it is back. */
export class Outbox {
  private kept: Kept[] = [];
  private bytes = 0;

  /** @param most how many messages are kept */
  constructor(private readonly most: number) {}

  get isEmpty(): boolean {
    return this.kept.length === 0;
  }

  /** @throws AgentError `bus-disconnected` beyond the bound */
  keep(message: Kept): void {
    const { topic, size } = message;
    if (this.kept.length >= this.most || this.bytes + size > MOST_BYTES) throw this.full(topic);
    this.kept.push(message);
    this.bytes += size;
  }

  send(): void {
    const { kept } = this;
    this.clear();
    for (const message of kept) message.send();
  }

  clear(): void {
    this.kept = [];
    this.bytes = 0;
  }

  private full(topic: string): AgentError {
    const count = this.kept.length;
    const why =
      this.most === 0
        ? 'none are kept (buffer: 0)'
        : `${count} messages are kept already, ${this.bytes} bytes in all`;
    const message = `${topic}: the connection to NATS is away, and ${why}. Wait for bus.status$ to say connected, or let the handler retry.`;
    return new AgentError('bus-disconnected', message);
  }
}
