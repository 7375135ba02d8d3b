import type { RootDatabase } from 'lmdb';
import { aName } from '../options/checks';
import type { Json } from '../store/Json';
import { checkKeyPart, encode, decode } from '../store/keys';
import type { Change, OpenStore, Store, StoreContext } from '../store/Store';
import { fenced } from '../store/storeErrors';
import { onHostTurn } from '../time/clock/hostTurn';
import { Folder } from './Folder';
import { loadLmdb } from './loadLmdb';

/** A store in a folder. */
export interface LmdbStore extends Store {
  /** The names of the hosts of which something is kept. The folder may be in use. */
  hosts(): Promise<string[]>;
  /** All that is kept of a host, by its keys. The folder may be in use. */
  entries(host: string): Promise<Map<string, Json>>;
}

/** Behind all keys of a host: no key has a character as great as this. */
const END = '\uFFFF';

/**
 * A {@link Store} in a folder, by LMDB, which needs no server: what was committed survives the sudden end of the
 * process, and of the machine when it was flushed (`host.kept({ flushed: true })`), which LMDB does right after each
 * commit. One process has it at a time; `open` rejects with AgentError `store-locked` while another one is alive.
 * It needs the package `lmdb` (`missing-package`).
 *
 * @param folder it is made if it is not there
 * @throws AgentError `bad-option`
 */
export function lmdbStore(folder: string): LmdbStore {
  aName(folder, 'lmdbStore', 'the folder');
  return new StoreInFolder(folder);
}

class StoreInFolder implements LmdbStore {
  constructor(private readonly folder: string) {}

  async open(host: string, { fence = 0 }: StoreContext): Promise<OpenStore> {
    checkKeyPart('lmdbStore', "the host's name", host);
    const folder = await Folder.enter(this.folder);
    if (fence >= (folder.fences.get(host) ?? 0)) {
      folder.fences.set(host, fence);
      return new LmdbSession(folder, host);
    }
    await folder.leave();
    throw fenced(host);
  }

  async hosts(): Promise<string[]> {
    return this.reading((db) => {
      const hosts: string[] = [];
      for (let start = ''; ; start = `${hosts.at(-1) ?? ''}/${END}`) {
        const [key] = db.getKeys({ start, limit: 1 });
        if (key === undefined) return hosts.map(decode);
        hosts.push(key.slice(0, key.indexOf('/')));
      }
    });
  }

  async entries(host: string): Promise<Map<string, Json>> {
    return this.reading((db) => new Map(entriesOf(db, `${encode(host)}/`)));
  }

  /** Whoever only looks keeps nobody out, and is kept out by nobody. */
  private async reading<V>(work: (db: RootDatabase<string, string>) => V): Promise<V> {
    const present = await Folder.present(this.folder);
    if (present !== undefined) return work(present);
    const { open } = await loadLmdb();
    const db = open<string, string>({
      path: this.folder,
      encoding: 'string',
      noSubdir: false,
      readOnly: true,
    });
    try {
      return work(db);
    } finally {
      await db.close();
    }
  }
}

class LmdbSession implements OpenStore {
  private readonly prefix: string;
  private readonly session: number;
  private isClosed = false;

  constructor(
    private readonly folder: Folder,
    private readonly host: string,
  ) {
    this.prefix = `${encode(host)}/`;
    this.session = (folder.sessions.get(host) ?? 0) + 1;
    folder.sessions.set(host, this.session);
  }

  read(): Iterable<readonly [string, Json]> {
    return entriesOf(this.folder.db, this.prefix);
  }

  async commit(batch: readonly Change[]): Promise<void> {
    const { folder, prefix } = this;
    const { db } = folder;
    if (this.isClosed || folder.sessions.get(this.host) !== this.session) throw fenced(this.host);
    if (batch.length === 0) return;
    const texts = batch.map(([, value]) => (value === undefined ? undefined : JSON.stringify(value)));
    const whole = db.batch(() => {
      for (const [index, [key]] of batch.entries()) {
        const text = texts[index];
        if (text === undefined) void db.remove(prefix + key);
        else void db.put(prefix + key, text);
      }
    });
    try {
      await whole;
    } catch (error) {
      throw await reasonOf(error);
    }
  }

  async flush(): Promise<void> {
    await this.folder.db.flushed;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.folder.leave();
  }
}

/** LMDB says of a transaction that it has failed, and the reason in a promise of its own, which is rejected soon. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<unknown> };
  if (commitError === undefined) return error;
  const later = new Promise<unknown>((resolve) => {
    onHostTurn(() => {
      resolve(error);
    });
  });
  return Promise.race([
    commitError.then(
      () => error,
      (reason: unknown) => reason,
    ),
    later,
  ]);
}

function* entriesOf(
  db: RootDatabase<string, string>,
  prefix: string,
): IterableIterator<readonly [string, Json]> {
  for (const { key, value } of db.getRange({ start: prefix, end: prefix + END }))
    yield [key.slice(prefix.length), JSON.parse(value) as Json];
}
