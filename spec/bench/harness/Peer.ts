import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Figures } from './BenchCase';

/** What is done in the other process of a case. It says when something is done, with what it has measured. */
export type Role = (say: (figures?: Figures) => void, ...args: string[]) => Promise<void>;

/** The other process of a case. */
export class Peer {
  private readonly said: Figures[] = [];
  private waiting: ((figures: Figures) => void) | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (figures: Figures) => {
      this.said.push(figures);
      this.give();
    });
  }

  /** Resolves when it has said for the first time that it is ready. */
  static async start(role: string, ...args: readonly (string | number)[]): Promise<Peer> {
    // It stands beside the compiled case.
    const program = join(import.meta.dirname, 'peer.js');
    const peer = new Peer(
      fork(program, [role, ...args.map(String)], { execArgv: ['--expose-gc'], stdio: [0, 2, 2, 'ipc'] }),
    );
    await peer.next();
    return peer;
  }

  /** What it says next; what it has said already counts. */
  next(): Promise<Figures> {
    return new Promise((resolve, reject) => {
      this.waiting = resolve;
      this.child.once('exit', () => {
        reject(new Error('The other process has ended.'));
      });
      this.give();
    });
  }

  /** It stands still from now on, and knows nothing of it. */
  kill(): void {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
  }

  private give(): void {
    const { waiting } = this;
    if (waiting === undefined || this.said.length === 0) return;
    this.waiting = undefined;
    waiting(this.said.shift() ?? {});
  }
}
