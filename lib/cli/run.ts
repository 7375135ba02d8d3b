import { setInterval } from 'node:timers';
import type { Log } from '../trace/Log';
import { watchText } from '../node/configs/watchText';
import { Farm, type FarmOptions, failureLine } from './Farm';
import { Modules } from './Modules';

export interface RunOptions extends FarmOptions {
  readonly watch: boolean;
}

type Turn =
  | { readonly is: 'ended'; readonly failure: string | undefined }
  | { readonly is: 'edit'; readonly file: string };

/** Runs modules until a signal stops them or an agent has failed for good, and gives the exit code. */
export async function run(paths: readonly string[], options: RunOptions, log: Log): Promise<number> {
  const modules = new Modules(paths);
  // An agent that waits for others keeps no process alive by itself.
  const alive = setInterval(() => undefined, LONGEST);
  try {
    let farm: Farm | undefined = await Farm.start(modules, options, log);
    while (true) {
      const turn = await nextTurn(farm, modules, options.watch);
      if (turn.is === 'edit') log.info(`${turn.file} has changed: stopping, and starting anew`);
      await stop(farm, log);
      if (turn.is === 'ended') return goodbye(turn.failure, log);
      farm = await Farm.start(modules, options, log).catch((error: unknown) => {
        log.error(`${failureLine(error)}\nNothing runs. The next edit is waited for.`);
        return undefined;
      });
    }
  } finally {
    clearInterval(alive);
  }
}

/** The longest that a timer of Node's can be armed for. */
const LONGEST = 2 ** 31 - 1;

async function stop(farm: Farm | undefined, log: Log): Promise<void> {
  const left = (await farm?.stop()) ?? [];
  if (left.length > 0) log.warn(`cut off at the stop: ${left.join(', ')}`);
}

function goodbye(failure: string | undefined, log: Log): number {
  if (failure === undefined) {
    log.info('stopped');
    return 0;
  }
  log.error(failure);
  return 1;
}

async function nextTurn(farm: Farm | undefined, modules: Modules, watches: boolean): Promise<Turn> {
  const ends: (() => void)[] = [];
  const edit = new Promise<Turn>((resolve) => {
    if (!watches) return;
    for (const [file, text] of modules.texts)
      ends.push(
        watchText(file, text, () => {
          resolve({ is: 'edit', file });
        }),
      );
  });
  const turns = [edit];
  if (farm !== undefined) turns.push(farm.ended.then((failure) => ({ is: 'ended', failure })));
  try {
    return await Promise.race(turns);
  } finally {
    for (const end of ends) end();
  }
}
