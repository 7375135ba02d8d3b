import type { BusMessage } from '../bus/Bus';
import { matches } from './pattern';

/** The last messages of the topics that retain theirs. */
export class Retained {
  private readonly messages = new Map<string, BusMessage>();

  /** In the order of their last publishing, which is also that in which they are given. */
  keep(message: BusMessage): void {
    this.messages.delete(message.topic);
    this.messages.set(message.topic, message);
  }

  /** What a new subscriber gets first. */
  *for(filter: string): Iterable<BusMessage> {
    // Whatever a filter with wildcards looks like, no topic does.
    const exact = this.messages.get(filter);
    if (exact !== undefined) {
      yield exact;
      return;
    }
    const segments = filter.split('/');
    for (const message of this.messages.values())
      if (matches(segments, message.topic.split('/'))) yield message;
  }
}
