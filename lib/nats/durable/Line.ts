import type { JsMsg } from '@nats-io/jetstream';

/** The messages of one topic on their way through one host: the first is being dealt with, the others wait. */
export class Line {
  private current: JsMsg | undefined;
  /** The number of the one that has failed and is to come again; those behind it wait for it. */
  private awaited: number | undefined;
  private readonly queue: JsMsg[] = [];

  get isEmpty(): boolean {
    return this.current === undefined && this.awaited === undefined && this.queue.length === 0;
  }

  /** A message has come. Gives the one that is to be dealt with now, if there is one. */
  receive(message: JsMsg): JsMsg | undefined {
    const { seq } = message;
    if (seq === this.awaited) {
      this.awaited = undefined;
      this.current = message;
      return message;
    }
    if (this.current?.seq === seq) return undefined;
    // The server has given up waiting for a word of it, and sends it again.
    const known = this.queue.findIndex((other) => other.seq === seq);
    if (known >= 0) this.queue[known] = message;
    else {
      const behind = this.queue.findIndex((other) => other.seq > seq);
      this.queue.splice(behind < 0 ? this.queue.length : behind, 0, message);
    }
    return this.current === undefined && this.awaited === undefined ? this.next() : undefined;
  }

  /** The one that was dealt with is done. */
  next(): JsMsg | undefined {
    this.awaited = undefined;
    this.current = this.queue.shift();
    return this.current;
  }

  awaitAgain(seq: number): number {
    this.current = undefined;
    this.awaited = seq;
    return seq;
  }

  isAwaiting(seq: number): boolean {
    return this.awaited === seq;
  }

  /** All that this host has. */
  held(): readonly JsMsg[] {
    return this.current === undefined ? this.queue : [this.current, ...this.queue];
  }

  /** Those that nobody has begun with. */
  waiting(): readonly JsMsg[] {
    return this.queue;
  }
}
