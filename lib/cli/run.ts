import { watchText } from '../node/configs/watchText';
import { keepAlive } from '../node/keepAlive';
import { runAgents } from '../node/run/runAgents';
import { lmdbStore } from '../lmdb/lmdbStore';
import { liveClock } from '../time/clock/liveClock';
import type { Log } from '../trace/Log';
import { type BusFlags, toBus } from './busFlags';
import { failureLine } from './failureLine';
import { Modules } from './Modules';
import { type Startables, startablesOf } from './startables';

export interface RunOptions extends BusFlags {
  /** The host's name. */
  readonly name: string;
  readonly config?: string;
  readonly speed: number;
  readonly trace?: string;
  readonly store?: string;
  readonly watch: boolean;
}

/** Runs modules until a signal stops them or an agent has failed for good, and gives the exit code. */
export async function run(paths: readonly string[], options: RunOptions, log: Log): Promise<number> {
  const modules = new Modules(paths);
  if (!options.watch) return runOnce(await startablesIn(modules), options, log);
  return keepAlive(() => runAnew(modules, options, log));
}

/** Stops and starts anew at each edit. What cannot be started to begin with is thrown. */
async function runAnew(modules: Modules, options: RunOptions, log: Log): Promise<number> {
  for (let isFirst = true; ; isFirst = false) {
    const edit = new AbortController();
    try {
      const startables = await startablesIn(modules);
      void nextEdit(modules, edit.signal).then((file) => {
        if (edit.signal.aborted) return;
        log.info(`${file} has changed: stopping, and starting anew`);
        edit.abort();
      });
      const code = await runOnce(startables, options, log, edit.signal);
      if (!edit.signal.aborted) return code;
    } catch (error) {
      if (isFirst) throw error;
      edit.abort();
      log.error(`${failureLine(error)}\nNothing runs. The next edit is waited for.`);
      await nextEdit(modules);
    } finally {
      edit.abort();
    }
  }
}

async function startablesIn(modules: Modules): Promise<Startables> {
  const found = (await modules.load()).map(startablesOf);
  return {
    items: found.flatMap(({ items }) => items),
    functions: found.flatMap(({ functions }) => functions),
  };
}

function runOnce(
  { items, functions }: Startables,
  options: RunOptions,
  log: Log,
  signal?: AbortSignal,
): Promise<number> {
  const { name, config, speed, trace, store } = options;
  return runAgents(items, {
    name,
    clock: liveClock({ speed }),
    log,
    bus: toBus(options),
    ...(config !== undefined && { configs: config }),
    ...(trace !== undefined && { trace }),
    ...(store !== undefined && { store: lmdbStore(store) }),
    ...(signal && { signal }),
    ...(functions.length > 0 && {
      onReady: async (host) => {
        for (const start of functions) await start(host);
      },
    }),
  });
}

/** Resolves with the next file of the modules that changes, unless it is called off before. */
function nextEdit(modules: Modules, off?: AbortSignal): Promise<string> {
  const ends: (() => void)[] = [];
  const end = (): void => {
    for (const each of ends.splice(0)) each();
  };
  off?.addEventListener('abort', end);
  return new Promise((resolve) => {
    for (const [file, text] of modules.texts)
      ends.push(
        watchText(file, text, () => {
          end();
          resolve(file);
        }),
      );
  });
}
