import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import type { RootDatabase } from 'lmdb';
import { FolderLock } from './FolderLock';
import { loadLmdb } from './loadLmdb';

/** A folder with a database in it, which this process has open: once, however many hosts use it. */
export class Folder {
  private static readonly open = new Map<string, Promise<Folder>>();

  /** Which session of a host is the present one. */
  readonly sessions = new Map<string, number>();
  /** Under which lease a host's entries were opened last; no other process can be at them meanwhile. */
  readonly fences = new Map<string, number>();
  private users = 0;

  private constructor(
    private readonly path: string,
    readonly db: RootDatabase<string, string>,
    private readonly lock: FolderLock,
  ) {}

  /**
   * Opens a folder, which is made if it is not there; whoever calls this calls `leave`, too.
   *
   * @throws AgentError `store-locked`, `missing-package`, or what the file system says
   */
  static async enter(given: string): Promise<Folder> {
    mkdirSync(given, { recursive: true });
    const path = realpathSync(given);
    let opening = Folder.open.get(path);
    if (opening === undefined) {
      opening = Folder.make(path);
      Folder.open.set(path, opening);
      opening.catch(() => Folder.open.delete(path));
    }
    const folder = await opening;
    folder.users++;
    return folder;
  }

  /** The database of a folder, if this process has it open: a second opening would let go of the locks of the first. */
  static async present(given: string): Promise<RootDatabase<string, string> | undefined> {
    if (!existsSync(given)) return undefined;
    const opening = Folder.open.get(realpathSync(given));
    return opening && (await opening).db;
  }

  async leave(): Promise<void> {
    if (--this.users > 0) return;
    Folder.open.delete(this.path);
    await this.db.close();
    this.lock.release();
  }

  private static async make(path: string): Promise<Folder> {
    const { open } = await loadLmdb();
    const lock = new FolderLock(path);
    try {
      const db = open<string, string>({
        path,
        encoding: 'string',
        noSubdir: false,
        // Each commit is a transaction of its own. A transaction for all that a turn of the host writes has a promise that
        // nobody can get hold of, and which ends the process when it is rejected: when the disk is full.
        eventTurnBatching: false,
      });
      return new Folder(path, db, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }
}
