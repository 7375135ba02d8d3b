import type { SchedulerLike } from 'rxjs';
import { aPort } from '../options/checks';
import type { Json } from './Json';

/** What a batch does to one entry: gives it a value, or removes it where there is none. */
export type Change = readonly [key: string, value: Json | undefined];

/** What a store is given of the host that opens it. */
export interface StoreContext {
  /** The host's scheduler, for a store that has to wait: it knows no other time. */
  readonly scheduler: SchedulerLike;
  /**
   * The number of the lease under which the host opens them, if it does so under one. Whoever comes with a smaller one
   * than has been seen is refused, by AgentError `store-fenced`: the lease is somebody else's by now.
   */
  readonly fence?: number;
  /** Says that the host has stopped: what is still waited for is of no use any more, and keeps no process alive. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps what outlives the process: the port that stores implement. Entries are JSON under keys, which are texts of
 * printable ASCII; those of one host never meet those of another. `storeContract` in the specs says what any store
 * has to do.
 *
 * A host has its entries to itself. Whoever opens them again, under the same name, takes them over: what an earlier
 * one still commits is refused with AgentError `store-fenced`.
 */
export interface Store {
  /**
   * Opens the entries of a host. Rejects if that cannot be: AgentError `store-locked` where another process has them
   * open and is alive, or whatever the store fails with. It may be tried again.
   */
  open(host: string, context: StoreContext): Promise<OpenStore>;
}

/** The entries of one host, opened. */
export interface OpenStore {
  /** All entries, in no order. It is called once, before the first commit. */
  read(): Iterable<readonly [key: string, value: Json]>;

  /**
   * Commits a batch, all of it or nothing; no key stands in it twice. Resolves when it would survive the sudden end of
   * the process. Rejects when nothing of it was done: the host gives the same batch again later. There is no
   * second call before the first has ended.
   */
  commit(batch: readonly Change[]): Promise<void>;

  /** Resolves when all that was committed would survive the sudden end of the machine, too. */
  flush(): Promise<void>;

  /** Lets go of it. It never rejects. */
  close(): Promise<void>;
}

/** Of an option: a {@link Store}. */
export const aStore = aPort(['open'], "a store, such as memoryStore(), or lmdbStore('./data')");
