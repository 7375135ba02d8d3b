import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../AgentError';
import { codeOf } from '../readError';

/** Who has a folder: a process, and when it began, where that can be told; numbers of processes are used again. */
interface Holder {
  readonly pid: number;
  readonly began: string;
}

/** Keeps other processes out of a folder, until this one lets go of it or ends, however it ends. */
export class FolderLock {
  private readonly file: string;

  /** @throws AgentError `store-locked` */
  constructor(folder: string) {
    this.file = join(folder, 'process.lock');
    if (this.tryToTake()) return;
    const holder = this.read();
    if (holder !== undefined && isAlive(holder)) throw locked(folder, holder);
    unlinkSync(this.file);
    if (!this.tryToTake()) throw locked(folder, this.read());
  }

  release(): void {
    if (this.read()?.pid === process.pid) unlinkSync(this.file);
  }

  private tryToTake(): boolean {
    const holder: Holder = { pid: process.pid, began: beganOf(process.pid) };
    try {
      writeFileSync(this.file, JSON.stringify(holder), { flag: 'wx' });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** A process that was killed while it wrote this has left nothing that can be read. */
  private read(): Holder | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }
}

function isAlive({ pid, began }: Holder): boolean {
  if (pid === process.pid && began === beganOf(pid)) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return beganOf(pid) === began;
}

/** When a process began, as Linux counts it; empty where that cannot be told. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function locked(folder: string, holder: Holder | undefined): AgentError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
  const message = `${folder} is in use by ${who}. End that one first, or give this one a folder of its own.`;
  return new AgentError('store-locked', message);
}
