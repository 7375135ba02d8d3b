import type { QueuedIterator } from '@nats-io/transport-node';
import type { KvWatchEntry } from '@nats-io/kv';
import { optionalPackage } from '../../node/optionalPackage';
import { timersOf } from '../../time/queue/ForeignTimers';
import type { Link } from '../connection/Link';
import { pause } from '../connection/pause';

/** How long to wait until a bucket that cannot be followed is followed again, in ms. */
const PAUSE = 2000;

export interface Follower {
  /** An entry has this text, now or still; undefined for one that is deleted. */
  put(key: string, text: string | undefined): void;
  /** It is told of once, until it works again. */
  failed(error: unknown): void;
}

/** Tells of what is in a bucket and of what is put there, until it is ended; over reconnections, too. */
export class Following {
  private isOver = false;
  private readonly over = new AbortController();
  private hasFailed = false;
  private entries: QueuedIterator<KvWatchEntry> | undefined;
  private wait: { readonly end: () => void } | undefined;

  constructor(
    private readonly link: Link,
    private readonly bucket: string,
    private readonly follower: Follower,
  ) {}

  begin(): void {
    void this.follow();
  }

  end(): void {
    this.isOver = true;
    this.over.abort();
    this.entries?.stop();
    this.wait?.end();
  }

  private isOn(): boolean {
    return !this.isOver;
  }

  private async follow(): Promise<void> {
    const timers = timersOf();
    while (this.isOn()) {
      try {
        await this.followOnce();
      } catch (error) {
        if (this.isOn() && !this.hasFailed) this.follower.failed(error);
        this.hasFailed = true;
      }
      if (!this.isOn()) return;
      const wait = pause(timers, PAUSE);
      this.wait = wait;
      await wait.passed;
    }
  }

  private async followOnce(): Promise<void> {
    const { Kvm } = await optionalPackage('@nats-io/kv', 'natsConfigs', () => import('@nats-io/kv'), [
      '@nats-io/jetstream',
    ]);
    const connection = await this.link.enter('natsConfigs', timersOf(), this.over.signal);
    try {
      if (!this.isOn()) return;
      const kv = await new Kvm(connection).open(this.bucket);
      const entries = await kv.watch();
      // One that is not read to its end keeps its timers.
      this.entries = entries;
      this.hasFailed = false;
      if (!this.isOn()) entries.stop();
      for await (const entry of entries) {
        if (!this.isOn()) return;
        this.follower.put(entry.key, entry.operation === 'PUT' ? entry.string() : undefined);
      }
    } finally {
      this.entries?.stop();
      this.entries = undefined;
      await this.link.leave();
    }
  }
}
