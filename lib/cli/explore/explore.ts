import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ORDERS, type SearchOrders } from '../../time/choices/SearchOrders';
import { liveClock } from '../../time/clock/liveClock';
import { CommandError } from '../CommandError';
import { ProgressBar } from './ProgressBar';
import { ProgressFile } from './ProgressFile';
import { commandLineOf, type Runner, runnerOf } from './runners';

export interface ExploreArguments {
  readonly runs?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly exhaustive: boolean;
  readonly tapes: string;
  readonly runner?: Runner;
  readonly name?: string;
}

/** Where people see how far it has come. */
export interface Screen {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** How often progress is looked for, in ms. */
const LOOK = 250;
const CLEAR_LINE = '\r\u001b[2K';

/** Runs the searches in spec files by the project's own test runner. Gives its exit code. */
export async function explore(
  paths: readonly string[],
  options: ExploreArguments,
  screen: Screen,
): Promise<number> {
  const folder = process.cwd();
  const files = paths.map((path) => resolve(path));
  for (const file of files) if (!existsSync(file)) throw new CommandError(`${file}: there is no such file.`);
  const runner = options.runner ?? runnerOf(folder);
  const tapes = resolve(options.tapes);
  mkdirSync(dirname(tapes), { recursive: true });
  const args = commandLineOf(runner, folder, files, options.name);
  const progress = new ProgressFile();
  const { runs, seconds, seed, exhaustive } = options;
  const orders: SearchOrders = {
    ...(runs !== undefined && { runs }),
    ...(seconds !== undefined && { seconds }),
    ...(seed !== undefined && { seed }),
    ...(exhaustive && { exhaustive }),
    tapes,
    progress: progress.path,
  };
  try {
    return await follow(args, orders, progress, screen);
  } finally {
    progress.remove();
  }
}

async function follow(
  args: readonly string[],
  orders: SearchOrders,
  progress: ProgressFile,
  screen: Screen,
): Promise<number> {
  const bar = new ProgressBar();
  const look = (): void => {
    for (const line of progress.take()) bar.add(line);
    const line = screen.isTerminal ? bar.line() : undefined;
    if (line !== undefined) screen.write(`${CLEAR_LINE}${line}`);
  };
  const clock = liveClock();
  const lookAgain = (): void => {
    look();
    wake = clock.wakeAt(clock.now() + LOOK, lookAgain);
  };
  let wake = clock.wakeAt(clock.now() + LOOK, lookAgain);
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, [ORDERS]: JSON.stringify(orders) },
  });
  try {
    const code = await new Promise<number>((done, failed) => {
      child.on('error', failed);
      child.on('close', (given, signal) => {
        done(given ?? (signal === null ? 1 : 130));
      });
    });
    look();
    if (screen.isTerminal) screen.write(CLEAR_LINE);
    const summary = bar.summary();
    screen.write(
      summary.length === 0
        ? 'No test of these has searched anything: explore(body) is what does.\n'
        : `${summary.join('\n')}\n`,
    );
    return code;
  } finally {
    clock.cancel(wake);
    child.kill();
  }
}
