import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom, Observable, share } from 'rxjs';

/** What a machine tells of itself: what has become of an agent there, or what has gone wrong with it. */
export interface Told {
  readonly agent: string;
  readonly state?: string;
  readonly problem?: string;
}

/** What a machine has to know when the play begins. */
export interface Play {
  readonly vtnUrl: string;
  /** When it began, by the real clock, in ms since the epoch: all machines' agents see the same time. */
  readonly since: number;
}

const PROGRAM = fileURLToPath(new URL('./machine.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
/** How long a machine may take to stop, in ms. */
const PATIENCE = 15_000;

/** A machine of the site, here: a process. */
export class MachineProcess {
  readonly told$: Observable<Told>;
  /** Resolves when its program is there. */
  readonly isLoaded: Promise<unknown>;
  /** Resolves when what it leads has started. */
  readonly isUp: Promise<unknown>;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(
    readonly name: string,
    options: Readonly<Record<string, string>>,
  ) {
    const args = Object.entries({ name, ...options }).map(([key, value]) => `--${key}=${value}`);
    this.child = fork(PROGRAM, args, {
      execArgv: ['--import', TSX],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Ctrl-C is for whoever plays it: he stops the machines.
      detached: true,
    });
    this.ended = once(this.child, 'exit');
    this.told$ = new Observable<Told>((subscriber) => {
      this.child.on('message', (told: Told) => subscriber.next(told));
      this.child.once('exit', () => subscriber.complete());
    }).pipe(share());
    const tells = (wanted: string): Promise<unknown> =>
      firstValueFrom(this.told$.pipe(filter(({ agent, state }) => agent === 'host' && state === wanted)), {
        defaultValue: undefined, // it has ended before
      });
    this.isLoaded = tells('loaded');
    this.isUp = tells('ready');
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  begin(play: Play): void {
    if (this.child.connected) this.child.send(play);
  }

  /** Lets it start the agents that others lead. */
  startAll(): void {
    if (this.child.connected) this.child.send('start all');
  }

  /** As it is when the machine fails. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(late);
  }
}
