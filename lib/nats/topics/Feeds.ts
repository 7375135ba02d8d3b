import type { NatsConnection } from '@nats-io/transport-node';
import type { BusMessage } from '../../messages/bus/Bus';
import { encode } from '../../store/keys';
import { Feed } from './Feed';
import { FeedListener } from './FeedListener';
import type { Reader } from '../wire/Received';
import { moment, type Moment } from './moment';

/** What feeds need of their bus. */
export interface FeedOwner {
  readonly reader: Reader;
  subjectsOf(filter: string): readonly string[];
  /** What is retained of a filter: read when `isLive`, and before anything that is published from now on. */
  retained(filter: string, isLive: Promise<void>): Promise<readonly BusMessage[]>;
  onError(error: unknown): void;
}

/** Who listens to what, on one connection. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();
  private connection: NatsConnection | undefined;
  private readonly fenceSubject: string;
  /** Those that wait until all is delivered which was under way before them. */
  private fences: Moment[] = [];
  /** Those who came first get what is retained first. */
  private before: Promise<void> = Promise.resolve();

  /** @param inbox where the host gets what is for it alone */
  constructor(
    private readonly owner: FeedOwner,
    inbox: string,
  ) {
    this.fenceSubject = `${inbox}.fence`;
  }

  opened(connection: NatsConnection): void {
    this.connection = connection;
    connection.subscribe(this.fenceSubject, {
      callback: () => {
        this.fences.shift()?.come();
      },
    });
    for (const feed of this.feeds.values()) feed.open(connection);
    this.back();
  }

  /** Nothing is under way on a new connection. */
  back(): void {
    const { fences } = this;
    this.fences = [];
    for (const fence of fences) fence.come();
  }

  subscribe(filter: string, hear: (message: BusMessage) => void, group?: string): () => void {
    const onError = (error: unknown): void => {
      this.owner.onError(error);
    };
    // A queue has to bear its filter: of all filters of one queue that a message fits, one would get it.
    const queue = group === undefined ? undefined : queueOf(group, filter);
    // No filter begins like this.
    const key = queue === undefined ? filter : `/${queue}`;
    const known = this.feeds.get(key);
    const feed = known ?? new Feed(this.owner.subjectsOf(filter), this.owner.reader, onError, queue);
    const listener = new FeedListener(hear, onError);
    this.feeds.set(key, feed);
    feed.users++;
    const isLive = moment();
    if (known === undefined) {
      if (this.connection !== undefined) feed.open(this.connection);
      feed.add(listener);
      isLive.come();
    } else this.enterLater(feed, listener, isLive);
    this.release(listener, this.owner.retained(filter, isLive.promise));
    return () => {
      if (!listener.isOpen) return;
      listener.isOpen = false;
      feed.remove(listener);
      if (--feed.users > 0) return;
      this.feeds.delete(key);
      feed.close();
    };
  }

  /**
   * Others listen already, so that messages may be under way which were published before. A message to oneself comes
   * behind all of them.
   */
  private enterLater(feed: Feed, listener: FeedListener, isLive: Moment): void {
    const fence = moment(() => {
      if (listener.isOpen) feed.add(listener);
      isLive.come();
    });
    if (this.connection === undefined) {
      fence.come();
      return;
    }
    this.fences.push(fence);
    if (!this.connection.isClosed() && !this.connection.isDraining())
      this.connection.publish(this.fenceSubject);
  }

  private release(listener: FeedListener, retained: Promise<readonly BusMessage[]>): void {
    const { before } = this;
    this.before = retained
      .catch((error: unknown) => {
        this.owner.onError(error);
        return [];
      })
      .then(async (messages) => {
        await before;
        listener.release(messages);
      });
  }
}

/** A name that servers take for a queue: no white space is in it. */
function queueOf(group: string, filter: string): string {
  return `${encode(group)} ${filter}`.replaceAll(' ', '!');
}
