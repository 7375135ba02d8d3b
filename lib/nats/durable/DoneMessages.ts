import type { JsMsg } from '@nats-io/jetstream';
import { read } from '../../readError';

/**
 * The last messages that this host is done with. A server that has been killed may have forgotten that it was told so,
 * and even that it has sent them.
 */
export class DoneMessages {
  private readonly messages: { readonly key: string; readonly reply: unknown }[] = [];
  private readonly keys = new Set<string>();
  private count = 0;

  /** @param most how many are kept */
  constructor(private readonly most: number) {}

  add(message: JsMsg): void {
    const { messages } = this;
    const key = keyOf(message);
    const place = this.count++ % this.most;
    const former = messages[place];
    if (former !== undefined) this.keys.delete(former.key);
    // The client has it, though its type does not say so.
    messages[place] = { key, reply: read(message, 'reply') };
    this.keys.add(key);
  }

  has(message: JsMsg): boolean {
    return this.keys.size > 0 && this.keys.has(keyOf(message));
  }

  /** Calls with where it is to be said of each that it is done with. */
  forEach(say: (reply: string) => void): void {
    for (const { reply } of this.messages) if (typeof reply === 'string' && reply !== '') say(reply);
  }
}

/** A stream that is made anew counts from 1 again: the instant at which it has got the message tells them apart. */
function keyOf({ info }: JsMsg): string {
  return `${info.streamSequence} ${info.timestampNanos}`;
}
