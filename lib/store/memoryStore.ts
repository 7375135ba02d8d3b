import { AgentError } from '../AgentError';
import { type Duration, toMs } from '../time/spans/duration';
import type { Json } from './Json';
import type { Change, OpenStore, Store, StoreContext } from './Store';
import { fenced } from './storeErrors';

/**
 * What becomes of a commit: it is done (`'ok'`), takes its time, is refused (`'fail'`, or an error to fail with), or
 * breaks off in the midst (`'tear'`), which is refused, too: what was done of it is undone before anything else.
 */
export type CommitOutcome = 'ok' | 'fail' | 'tear' | { readonly slow: Duration } | Error;

/** A store in memory: what is in it outlives a host, and not the process. */
export interface MemoryStore extends Store {
  /** How many batches were committed so far. */
  readonly commits: number;
  /** What is kept of a host, by its keys. Default the host named `'host'`; in a marble test it is `'test'`. */
  entries(host?: string): ReadonlyMap<string, Json>;
  /** Says what becomes of commits from now on: of each the same, or what a function of its number says (the first is 1). */
  behave(outcome: CommitOutcome | ((commit: number) => CommitOutcome)): void;
}

/** A {@link Store} in memory, for tests, and for agents that outlive their host only. It can be told to fail. */
export function memoryStore(): MemoryStore {
  return new InMemoryStore();
}

class InMemoryStore implements MemoryStore {
  commits = 0;
  private attempts = 0;
  private outcome: (commit: number) => CommitOutcome = () => 'ok';
  private readonly hosts = new Map<string, HostEntries>();

  async open(host: string, context: StoreContext): Promise<OpenStore> {
    await Promise.resolve();
    const entries = this.of(host);
    entries.repair();
    const { fence = 0 } = context;
    if (fence < entries.fence) throw fenced(host);
    entries.fence = fence;
    return new MemorySession(this, host, entries, ++entries.session, context);
  }

  entries(host = 'host'): ReadonlyMap<string, Json> {
    const entries = this.of(host);
    entries.repair();
    return entries.kept;
  }

  behave(outcome: CommitOutcome | ((commit: number) => CommitOutcome)): void {
    this.outcome = typeof outcome === 'function' ? outcome : () => outcome;
  }

  nextOutcome(): CommitOutcome {
    return this.outcome(++this.attempts);
  }

  private of(host: string): HostEntries {
    let entries = this.hosts.get(host);
    if (entries === undefined) this.hosts.set(host, (entries = new HostEntries()));
    return entries;
  }
}

class HostEntries {
  readonly kept = new Map<string, Json>();
  /** Who has opened it last. */
  session = 0;
  /** Under which lease. */
  fence = 0;
  /** What was there before a batch that broke off, as a log has it. */
  private torn: readonly Change[] = [];

  apply(batch: readonly Change[]): void {
    this.repair();
    this.write(batch);
  }

  tear(batch: readonly Change[]): void {
    this.repair();
    const half = batch.slice(0, Math.ceil(batch.length / 2));
    this.torn = half.map(([key]) => [key, this.kept.get(key)]);
    this.write(half);
  }

  repair(): void {
    this.write(this.torn);
    this.torn = [];
  }

  private write(batch: readonly Change[]): void {
    for (const [key, value] of batch)
      if (value === undefined) this.kept.delete(key);
      else this.kept.set(key, value);
  }
}

class MemorySession implements OpenStore {
  private isClosed = false;

  constructor(
    private readonly store: InMemoryStore,
    private readonly host: string,
    private readonly entries: HostEntries,
    private readonly session: number,
    private readonly context: StoreContext,
  ) {}

  read(): Iterable<readonly [string, Json]> {
    return [...this.entries.kept];
  }

  async commit(batch: readonly Change[]): Promise<void> {
    const outcome = this.store.nextOutcome();
    if (typeof outcome === 'object' && 'slow' in outcome) await this.pass(toMs(outcome.slow));
    this.refuseStrangers();
    if (outcome === 'tear') this.entries.tear(batch);
    if (outcome === 'tear' || outcome === 'fail') throw new AgentError('store-failed', 'it was told to fail');
    if (outcome instanceof Error) throw outcome;
    this.entries.apply(batch);
    this.store.commits++;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  private refuseStrangers(): void {
    if (this.isClosed || this.session !== this.entries.session) throw fenced(this.host);
  }

  private async pass(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.context.scheduler.schedule(() => {
        resolve();
      }, ms);
    });
  }
}
