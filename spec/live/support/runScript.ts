import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Script {
  readonly child: ChildProcess;
  /** What it writes, line by line, to its stdout and its stderr, as it comes. */
  readonly lines: readonly string[];
  /** Resolves with its exit code and the signal that has ended it. */
  readonly ended: Promise<unknown[]>;
  /** Resolves when it has written a line. */
  wrote(line: string): Promise<void>;
}

/** Runs a TypeScript file of this folder as a process of its own. */
export function runScript(file: string, ...args: string[]): Script {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, file), ...args], {
    cwd: join(__dirname, '../../..'),
    stdio: 'pipe',
  });
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      waiting.get(line)?.();
    });
  return {
    child,
    lines,
    ended: once(child, 'close'),
    wrote: (line) =>
      new Promise((resolve) => {
        if (lines.includes(line)) resolve();
        else waiting.set(line, resolve);
      }),
  };
}
