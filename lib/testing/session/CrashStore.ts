import type { Change, OpenStore, Store, StoreContext } from '../../store/Store';

/** What a test does with commits. */
export interface CommitWatcher {
  /** A commit is asked for; the number of it is counted over all lives. Says whether the process ends before it. */
  before(commit: number): boolean;
  /** A commit has been done: whoever waits for it hears of it next. */
  after(commit: number): void;
}

/** A store under which the process may end right before and right after a commit. */
export class CrashStore implements Store {
  /** How many commits have been asked for. */
  commits = 0;

  constructor(
    private readonly store: Store,
    private readonly watcher: CommitWatcher,
  ) {}

  async open(host: string, context: StoreContext): Promise<OpenStore> {
    const open = await this.store.open(host, context);
    return {
      read: () => open.read(),
      commit: (batch) => this.commit(open, batch),
      flush: () => open.flush(),
      close: () => open.close(),
    };
  }

  private async commit(open: OpenStore, batch: readonly Change[]): Promise<void> {
    const number = ++this.commits;
    if (this.watcher.before(number)) return NEVER;
    await open.commit(batch);
    this.watcher.after(number);
  }
}

/** What nobody is there to hear of. */
const NEVER = new Promise<never>(() => undefined);
