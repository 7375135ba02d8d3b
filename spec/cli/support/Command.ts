import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundled } from '../../support/bundled';

// What is waited for is a line; the runner's timeout is the bound.

export const ROOT = join(__dirname, '../../..');
export const MAIN = bundled('lib/cli/main.ts');

const commands: Command[] = [];

/** What a command is run with besides its arguments. */
export interface CommandOptions {
  readonly env?: Record<string, string>;
  /** Where its stdout and its stderr go to: default pipes that are read here. */
  readonly out?: 'pipe' | number;
  readonly err?: 'pipe' | number;
  /** Whether nobody reads its stdout, which is a pipe, for the time being. */
  readonly isUnread?: boolean;
  /** What a shell does before the command takes its place. */
  readonly before?: string;
}

/** The command as a process. */
export class Command {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown[]>;
  private readonly waiting: { readonly text: string; readonly resolve: (line: string) => void }[] = [];

  constructor(args: readonly string[], options: CommandOptions = {}) {
    const { env, out = 'pipe', err = 'pipe', isUnread = false, before } = options;
    const node = [process.execPath, MAIN, ...args];
    const line = before === undefined ? node : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...node];
    this.child = spawn(line[0]!, line.slice(1), {
      cwd: ROOT,
      stdio: ['ignore', out, err],
      env: { ...process.env, ...env },
    });
    commands.push(this);
    this.closed = once(this.child, 'close');
    const { stderr } = this.child;
    if (!isUnread) this.read();
    if (stderr) createInterface({ input: stderr }).on('line', (line) => this.take(this.errors, line));
  }

  /** Resolves with the next line that has the text in it. */
  line(text: string): Promise<string> {
    return new Promise((resolve) => this.waiting.push({ text, resolve }));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Reads its stdout from now on. */
  read(): void {
    const { stdout } = this.child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.take(this.lines, line));
  }

  /** Reads its stdout no more: the pipe behind it is closed. */
  closePipe(): void {
    this.child.stdout?.destroy();
  }

  /** Resolves with the exit code. */
  async end(): Promise<unknown> {
    const [code] = await this.closed;
    return code;
  }

  get text(): string {
    return this.lines.join('\n');
  }

  private take(lines: string[], line: string): void {
    lines.push(line);
    const heard = this.waiting.filter(({ text }) => line.includes(text));
    for (const one of heard) {
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve(line);
    }
  }
}

/** Gives each spec of a file a folder of its own, in which modules find the packages, and ends what still runs. */
export function useFolder(): { readonly path: string; write(name: string, text: string): string } {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'command-'));
    symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  });
  afterEach(() => {
    for (const command of commands.splice(0)) command.kill('SIGKILL');
    rmSync(path, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
    write: (name, text) => {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
  };
}

export const messages = (lines: readonly string[]): string[] => lines.map((line) => JSON.parse(line).msg);
