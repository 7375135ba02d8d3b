import type { AgentError } from '../AgentError';
import { codeOf } from '../readError';
import type { Scheduler } from '../time/queue/Scheduler';
import { Ending } from './Ending';
import { Journal, type JournalOwner } from './Journal';
import { decode, encode, type EntryKey, keyPrefix, type Kind, readKey } from './keys';
import { keptBy, type KeptPlan } from './keptBy';
import { Lifeline } from './Lifeline';
import { Numbers } from './Numbers';
import { Shelf } from './Shelf';
import { Untaken } from './Untaken';
import type { OpenStore, Store, StoreContext } from './Store';
import { closedEarly, fenced, notCommitted, notOpened } from './storeErrors';

/** The host that has the store. */
export interface StoreOwner {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The number of the lease under which it has the store. */
  readonly fence?: number;
  report(error: AgentError): void;
  warn(message: string): void;
}

/** Waits for the store to be open. */
export interface Opening {
  opened(): void;
  failed(error: AgentError): void;
}

/** What is kept under one name. */
export interface KeptShelf extends Pick<EntryKey, 'kind' | 'name'> {
  readonly shelf: Shelf;
}

/** A host's store: it is opened when the first durable part of an agent needs it, and shared by all. */
export class HostStore implements JournalOwner {
  readonly journal = new Journal(this);
  readonly untaken = new Untaken();
  readonly lifeline: Lifeline;
  readonly numbers: Numbers;
  /** By agent, and then by what their keys begin with. */
  private readonly shelves = new Map<string, Map<string, Shelf>>();
  private readonly waiting = new Set<Opening>();
  private opened: OpenStore | undefined;
  private isOpening = false;
  private isClosed = false;
  /** Ends the wait for a store that does not open. */
  private readonly over = new Ending();
  constructor(
    private readonly store: Store,
    readonly owner: StoreOwner,
  ) {
    this.numbers = new Numbers(this.shelf('', 'seq', 'host'));
    this.lifeline = new Lifeline(this.shelf('', 'alive', 'host'), owner.scheduler);
  }

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  /** Calls back when it is open, or cannot be opened. Gives the way not to wait any more. */
  whenOpen(opening: Opening): () => void {
    if (this.isOpen) {
      opening.opened();
      return () => undefined;
    }
    this.waiting.add(opening);
    if (!this.isOpening) this.open();
    return () => {
      this.waiting.delete(opening);
    };
  }

  /** The entries of a durable part; they are there when the store is open. */
  shelf(agent: string, kind: Kind, name: string): Shelf {
    return this.shelfOf(keyPrefix(agent, kind, name));
  }

  /** The durable names of an agent under which something of a kind is kept, each with its entries. */
  *shelvesOf(agent: string): IterableIterator<KeptShelf> {
    for (const [prefix, shelf] of this.shelves.get(encode(agent)) ?? []) {
      const key = readKey(prefix);
      if (key !== undefined && shelf.entries.size > 0) yield { kind: key.kind, name: key.name, shelf };
    }
  }

  /** Of whom something is kept, or may be; what the host keeps for itself is nobody's. */
  *agents(): IterableIterator<string> {
    for (const agent of this.shelves.keys()) if (agent !== '') yield decode(agent);
  }

  /** Resolves when all that durable parts have taken so far is kept. */
  async kept(plan: KeptPlan): Promise<void> {
    const { journal, owner, isClosed } = this;
    if (isClosed && !journal.isClean) throw closedEarly(owner.name);
    const areAllTaken = this.untaken.isEmpty;
    await keptBy(journal, owner, plan);
    // They may wait for a store that refuses: that is told above.
    if (!areAllTaken) {
      await this.untaken.none();
      await keptBy(journal, owner, plan);
    }
    if (plan.flushed) await this.opened?.flush();
  }

  /** Keeps what is left, as long as the store takes it, and lets go of it; it never rejects. */
  async close(): Promise<void> {
    const { journal, opened } = this;
    if (opened === undefined) {
      this.isClosed = true;
      this.over.come();
      return;
    }
    this.lifeline.end();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        resolve();
      };
      journal.whenKept({ kept: done, refused: done });
    });
    await this.release();
  }

  /** Lets go of it, whatever has been kept. */
  async release(): Promise<void> {
    const { opened } = this;
    this.isClosed = true;
    this.over.come();
    this.opened = undefined;
    this.journal.close();
    if (opened === undefined) return;
    try {
      await opened.close();
    } catch (cause) {
      this.owner.report(notOpened(this.owner.name, cause));
    }
  }

  /** The process has ended: nothing is written any more. */
  vanish(): void {
    this.isClosed = true;
    this.journal.close();
    this.lifeline.vanish();
    void this.opened?.close();
    this.opened = undefined;
  }

  // What the journal tells.

  commitFailed(error: unknown): void {
    const { name } = this.owner;
    this.owner.report(this.isFenced(error) ? fenced(name, error) : notCommitted(name, error));
  }

  commitsAgain(): void {
    this.owner.warn(`The store of ${this.owner.name} keeps again what it is given.`);
  }

  isFenced(error: unknown): boolean {
    return codeOf(error) === 'store-fenced';
  }

  wait(ms: number, then: () => void): void {
    this.owner.scheduler.schedule(then, ms);
  }

  private open(): void {
    this.isOpening = true;
    const { store, owner } = this;
    const { fence } = owner;
    const opening = new Promise<OpenStore>((resolve) => {
      const { scheduler } = owner;
      const { over } = this;
      const context: StoreContext = {
        scheduler,
        // Mostly nobody asks for it.
        get signal() {
          return over.signal;
        },
        ...(fence !== undefined && { fence }),
      };
      resolve(store.open(owner.name, context));
    });
    opening.then(
      (opened) => {
        this.isOpening = false;
        if (this.isClosed) void opened.close();
        else this.take(opened);
      },
      (cause: unknown) => {
        this.isOpening = false;
        const error = notOpened(owner.name, cause);
        for (const waiting of this.taken()) waiting.failed(error);
      },
    );
  }

  private take(opened: OpenStore): void {
    try {
      for (const [key, value] of opened.read()) {
        const end = key.lastIndexOf('/') + 1;
        this.shelfOf(key.slice(0, end)).entries.set(key.slice(end), value);
      }
    } catch (cause) {
      const error = notOpened(this.owner.name, cause);
      for (const waiting of this.taken()) waiting.failed(error);
      return;
    }
    this.numbers.begin();
    this.opened = opened;
    this.journal.open(opened);
    this.lifeline.begin();
    for (const waiting of this.taken()) waiting.opened();
  }

  private shelfOf(prefix: string): Shelf {
    const agent = prefix.slice(0, prefix.indexOf('/'));
    let ofAgent = this.shelves.get(agent);
    if (ofAgent === undefined) this.shelves.set(agent, (ofAgent = new Map<string, Shelf>()));
    let shelf = ofAgent.get(prefix);
    if (shelf === undefined) ofAgent.set(prefix, (shelf = new Shelf(this.journal, prefix)));
    return shelf;
  }

  private taken(): readonly Opening[] {
    const all = [...this.waiting];
    this.waiting.clear();
    return all;
  }
}
