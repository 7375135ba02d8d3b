import { AgentError } from '../../AgentError';
import type { Change, OpenStore, Store, StoreContext } from '../../store/Store';

/** What becomes of a commit: it is done where nothing is said. */
export interface CommitFate {
  /** The process ends right before it, or right after it, when whoever waits for it has heard of it. */
  readonly crash?: 'before' | 'after';
  /** How long nothing runs then, in ms. */
  readonly down?: number;
  /** It is refused, and so it is tried again. */
  readonly isRefused?: boolean;
  /** How much later than at once it is done, in ms. */
  readonly late?: number;
}

/** What a test does with commits. */
export interface CommitWatcher {
  /** A commit is asked for; they are counted over all lives. */
  fateOf(commit: number): CommitFate;
  /** The process ends now, or behind all that this turn leads to. */
  crash(down: number, isAtTurnEnd: boolean): void;
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
      commit: (batch) => this.commit(open, batch, context),
      flush: () => open.flush(),
      close: () => open.close(),
    };
  }

  private async commit(
    open: OpenStore,
    batch: readonly Change[],
    { scheduler }: StoreContext,
  ): Promise<void> {
    const { crash, down = 0, isRefused = false, late = 0 } = this.watcher.fateOf(++this.commits);
    if (crash === 'before') {
      this.watcher.crash(down, false);
      return NEVER;
    }
    if (late > 0)
      await new Promise<void>((resolve) => {
        scheduler.schedule(() => {
          resolve();
        }, late);
      });
    if (isRefused) throw new AgentError('store-failed', 'it was told to fail');
    await open.commit(batch);
    // In the process that ends nobody could tell whether it ends before whoever waits has heard of it.
    if (crash === 'after') this.watcher.crash(down, true);
  }
}

/** What nobody is there to hear of. */
const NEVER = new Promise<never>(() => undefined);
