import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundled } from '../../support/bundled';

export interface Script {
  readonly child: ChildProcess;
  /** What it writes, line by line, to its stdout and its stderr, as it comes. */
  readonly lines: readonly string[];
  /** Resolves with its exit code and the signal that has ended it. */
  readonly ended: Promise<unknown[]>;
  /** Resolves when it has written a line. */
  wrote(line: string): Promise<void>;
}

/** Runs a TypeScript file of this folder as a process of its own, with arguments. */
export function script(file: string): (...args: string[]) => Script {
  const path = bundled(`spec/live/support/${file}`);
  return (...args) => run(path, args);
}

function run(path: string, args: readonly string[]): Script {
  const child = spawn(process.execPath, [path, ...args], { stdio: 'pipe' });
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
