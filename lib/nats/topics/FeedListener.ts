import type { BusMessage } from '../../messages/bus/Bus';
import { guarded } from '../../trace/guarded';

/** One subscriber of a feed. Until it has got what is retained, it keeps what comes. */
export class FeedListener {
  isOpen = true;
  private held: BusMessage[] | undefined = [];

  constructor(
    private readonly hear: (message: BusMessage) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  take(message: BusMessage): void {
    if (!this.isOpen) return;
    if (this.held === undefined) this.give(message);
    else this.held.push(message);
  }

  /** Gives what is retained, and behind it what has come meanwhile, without what is the same. */
  release(retained: readonly BusMessage[]): void {
    for (const message of retained) this.give(message);
    const known = new Map(retained.map(({ topic, origin }) => [topic, origin?.id]));
    while (this.held !== undefined && this.held.length > 0) {
      const { held } = this;
      this.held = [];
      for (const message of newer(held, known)) this.give(message);
    }
    this.held = undefined;
  }

  private give(message: BusMessage): void {
    if (!this.isOpen) return;
    guarded(() => {
      this.hear(message);
    }, this.onError);
  }
}

/** Of each topic, what came behind the message that is known; all, if that is not among them. */
function newer(
  messages: readonly BusMessage[],
  known: ReadonlyMap<string, string | undefined>,
): BusMessage[] {
  const skipped = new Map<string, number>();
  for (const [index, { topic, origin }] of messages.entries()) {
    const id = known.get(topic);
    if (id !== undefined && origin?.id === id) skipped.set(topic, index);
  }
  return messages.filter(({ topic }, index) => index > (skipped.get(topic) ?? -1));
}
