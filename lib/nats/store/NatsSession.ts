import type { Json } from '../../store/Json';
import type { Change, OpenStore } from '../../store/Store';
import { fenced } from '../../store/storeErrors';
import type { HostLog } from './HostLog';
import { toText } from './records';
import type { Replay } from './Replay';

/** All entries are written at once when this was written since, and twice of what they take, in bytes. */
const LEAST = 1024 * 1024;

/** What of a batch is not known to be there yet. */
interface Unsure {
  readonly batch: readonly Change[];
  readonly record: number;
}

/** The entries of a host, as one that has opened them has them. */
export class NatsSession implements OpenStore {
  private isClosed = false;
  private unsure: Unsure | undefined;
  private isDue = false;

  constructor(
    private readonly host: string,
    private readonly log: HostLog,
    private readonly replay: Replay,
    private readonly leave: () => Promise<void>,
  ) {
    this.isDue = this.isLong;
  }

  read(): Iterable<readonly [string, Json]> {
    return [...this.replay.entries];
  }

  async commit(batch: readonly Change[]): Promise<void> {
    if (this.isClosed) throw fenced(this.host);
    if (batch.length === 0) return;
    if (this.isDue) await this.writeAll();
    const { log, replay, unsure } = this;
    const record = unsure?.batch === batch ? unsure.record : log.next();
    this.unsure = { batch, record };
    const text = toText(batch);
    await log.append('batch', record, text);
    this.unsure = undefined;
    for (const [key, value] of batch)
      if (value === undefined) replay.entries.delete(key);
      else replay.entries.set(key, value);
    replay.bytesSince += text.length;
    this.isDue = this.isLong;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.leave();
  }

  private get isLong(): boolean {
    const { bytesSince, allBytes } = this.replay;
    return bytesSince > Math.max(LEAST, 2 * allBytes);
  }

  /** All entries in one record, so that what is before it can be forgotten. */
  private async writeAll(): Promise<void> {
    const { log, replay } = this;
    const text = toText(replay.entries);
    const first = await log.append('all', log.next(), text);
    replay.allBytes = text.length;
    replay.bytesSince = 0;
    this.isDue = false;
    // It may stay, and is read in vain, until this is done the next time.
    await log.forget(first).catch(() => undefined);
  }
}
