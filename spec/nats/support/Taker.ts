import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { FaultyWay } from './faultyWay';
import type { Mood } from './takerChild';

/** A host that takes messages, in a process of its own, with a way to the server that can be cut. */
export class Taker {
  private constructor(
    private readonly child: ChildProcess,
    readonly way: FaultyWay,
  ) {}

  static async start(program: string, name: string, port: number, ...args: string[]): Promise<Taker> {
    const way = await FaultyWay.to(port);
    const child = fork(program, [name, way.url, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return new Taker(child, way);
  }

  feel(mood: Mood): void {
    this.child.send(mood);
  }

  /** It stands still, and knows nothing of it. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** As it is when the machine fails. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
    await this.way.close();
  }
}
