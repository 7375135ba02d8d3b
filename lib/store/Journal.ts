import { atTurnEnd } from '../time/clock/turnEnd';
import type { Json } from './Json';
import type { Change, OpenStore } from './Store';

/** Whose batches they are. */
export interface JournalOwner {
  /** A batch was refused, for the first time in a row; it is given again until it is taken. */
  commitFailed(error: unknown): void;
  /** The store takes batches again. */
  commitsAgain(): void;
  /** The entries are somebody else's now. */
  isFenced(error: unknown): boolean;
  /** Calls back after so many ms. */
  wait(ms: number, then: () => void): void;
}

/** Is told what becomes of what it has waited for; both are called in no task of the scheduler. */
export interface Waiter {
  kept(): void;
  /** The store refuses for now, and is tried again; or for good. */
  refused(error: unknown, isForGood: boolean): void;
}

const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/**
 * What the durable parts of a host write, turn by turn. All that is written in a turn goes into one batch; while a
 * batch is being committed, those of later turns join to be the next one. So the store always has the state after
 * some turn.
 */
export class Journal {
  private store: OpenStore | undefined;
  /** What is to be committed next. */
  private pending = new Map<string, Json | undefined>();
  /** Those of them that the store has nothing of. */
  private fresh = new Set<string>();
  private waiters: Waiter[] = [];
  /** What is being committed, or is to be given again. */
  private sent: readonly Change[] | undefined;
  private sentWaiters: readonly Waiter[] = [];
  private isInTurn = false;
  isClosed = false;
  /** Why the store refuses, while it does. */
  failure: { readonly error: unknown; readonly isForGood: boolean } | undefined;
  /** The number of the batch that is being written, and of the last one that is kept. */
  batch = 1;
  keptBatch = 0;

  constructor(private readonly owner: JournalOwner) {}

  /** From now on batches are committed; those of before are kept waiting. */
  open(store: OpenStore): void {
    this.store = store;
    this.isInTurn = false;
    if (this.pending.size > 0) this.enterTurn();
  }

  /** The batch of what was written last. */
  get lastBatch(): number {
    return this.pending.size > 0 ? this.batch : this.batch - 1;
  }

  /** Whether all that was written is committed. */
  get isClean(): boolean {
    return this.pending.size === 0 && this.sent === undefined;
  }

  /** @param isNew whether nothing is kept under the key, by all that was written before */
  put(key: string, value: Json, isNew: boolean): void {
    if (isNew && !this.pending.has(key)) this.fresh.add(key);
    this.pending.set(key, value);
    if (!this.isInTurn) this.enterTurn();
  }

  /** What was put in the same batch is not even written. */
  remove(key: string): void {
    if (this.fresh.delete(key)) this.pending.delete(key);
    else this.pending.set(key, undefined);
    if (!this.isInTurn) this.enterTurn();
  }

  /** Tells when all that was written so far is kept; at once, if it is. */
  whenKept(waiter: Waiter): void {
    if (this.isClean) waiter.kept();
    else if (this.failure?.isForGood === true) waiter.refused(this.failure.error, true);
    else if (this.pending.size === 0) this.sentWaiters = [...this.sentWaiters, waiter];
    else this.waiters.push(waiter);
  }

  /** Writes nothing any more. */
  close(): void {
    this.isClosed = true;
  }

  private enterTurn(): void {
    if (this.store === undefined || this.isClosed) return;
    this.isInTurn = true;
    atTurnEnd(this.turnEnds);
  }

  private readonly turnEnds = (): void => {
    this.isInTurn = false;
    if (this.sent === undefined) this.commitPending();
  };

  private commitPending(): void {
    if (this.isClosed || this.failure?.isForGood === true) return;
    const { waiters } = this;
    if (this.pending.size === 0) {
      this.waiters = [];
      for (const waiter of waiters) waiter.kept();
      return;
    }
    this.sent = [...this.pending];
    this.sentWaiters = waiters;
    this.pending = new Map();
    this.fresh = new Set();
    this.waiters = [];
    this.batch++;
    this.commit(SHORTEST_PAUSE);
  }

  /** @param pause how long to wait before the next try, if this one fails, in ms */
  private commit(pause: number): void {
    const { store, sent } = this;
    if (store === undefined || sent === undefined || this.isClosed) return;
    attempt(() => store.commit(sent)).then(
      () => {
        this.committed();
      },
      (error: unknown) => {
        this.refused(error, pause);
      },
    );
  }

  private committed(): void {
    if (this.isClosed) return;
    const waiters = this.sentWaiters;
    this.sent = undefined;
    this.sentWaiters = [];
    this.keptBatch = this.batch - 1;
    if (this.failure !== undefined) {
      this.failure = undefined;
      this.owner.commitsAgain();
    }
    for (const waiter of waiters) waiter.kept();
    // In the midst of a turn its end is waited for.
    if (!this.isInTurn && this.pending.size > 0) this.commitPending();
  }

  private refused(error: unknown, pause: number): void {
    if (this.isClosed) return;
    const isForGood = this.owner.isFenced(error);
    const isNews = this.failure === undefined;
    this.failure = { error, isForGood };
    if (isNews || isForGood) this.owner.commitFailed(error);
    for (const waiter of [...this.sentWaiters, ...this.waiters]) waiter.refused(error, isForGood);
    if (isForGood) return;
    this.owner.wait(pause, () => {
      this.commit(Math.min(pause * 2, LONGEST_PAUSE));
    });
  }
}

function attempt(work: () => Promise<void>): Promise<void> {
  try {
    return work();
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- What was thrown is passed on as it came.
    return Promise.reject(error);
  }
}
