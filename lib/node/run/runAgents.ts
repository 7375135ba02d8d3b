import type { ConfigStore } from '../../agent/config/ConfigStore';
import { createHost } from '../../host/createHost';
import type { Host, HostOptions } from '../../host/Host';
import { HOST } from '../../host/hostOptions';
import type { Startable } from '../../host/supervision/group';
import { type Check, checkOptions, type OptionTable } from '../../options/checkOptions';
import { aFunction, aName, must } from '../../options/checks';
import { consoleLog } from '../../trace/Log';
import { fileConfig } from '../configs/fileConfig';
import { keepAlive } from '../keepAlive';
import { stopOnSignals } from '../stopOnSignals';
import { traceToFile } from '../trace/traceToFile';
import { workerPool } from '../workerPool';
import { Course } from './Course';
import { refuseUnknownSections, withoutSecrets } from './sections';

export interface RunAgentsOptions extends Omit<HostOptions, 'configs'> {
  /** Where agents find their configs: the path of a file with a section for each, as with `fileConfig`, or such a store. */
  readonly configs?: string | ConfigStore;
  /** A file that all that happens is written to, as with `traceToFile`. Default none. */
  readonly trace?: string;
  /** Stops the agents when it is aborted. Default SIGINT and SIGTERM alone do. */
  readonly signal?: AbortSignal;
  /**
   * Is given the host when all agents are ready: for what a list cannot say. What it throws counts as a start that has
   * failed; it may go on for as long as the agents do.
   */
  readonly onReady?: (host: Host) => unknown;
}

const aConfigs: Check = (given, owner, option) => {
  (typeof given === 'string' ? aName : HOST.checks.get('configs'))?.(given, owner, option);
};

const RUN_AGENTS: OptionTable = {
  names: [...HOST.names, 'trace', 'signal', 'onReady'],
  checks: new Map([
    ...HOST.checks,
    ['configs', aConfigs],
    ['trace', aName],
    ['signal', must((given) => given instanceof AbortSignal, 'an AbortSignal')],
    ['onReady', aFunction],
  ]),
  aliases: { ...HOST.aliases, traceFile: 'trace', onStart: 'onReady' },
  required: [],
};

/**
 * Runs agents as a program does: in a host of their own, until SIGINT (Ctrl-C) or SIGTERM stops them, the host is
 * stopped, or one of them has failed for good. It keeps the process alive meanwhile, writes to the log what becomes of
 * them, and has a pool for `run.offload`. A second signal ends the process at once.
 * ```ts
 * await runAgents([meter, withConfig(panel, { rows: 4 })], { configs: 'farm.yaml' });
 * ```
 * Resolves with the exit code, which becomes the process's: 0 after a clean stop, 1 when an agent has failed for
 * good; the last line of the log says which and why. Rejects when the agents cannot be started, with what
 * `host.startAll` and `fileConfig` reject with; nothing runs then.
 *
 * @throws AgentError `bad-option` or `bad-duration`, as a rejection
 */
export async function runAgents(
  agents: readonly Startable[],
  options: RunAgentsOptions = {},
): Promise<number> {
  checkOptions('runAgents', RUN_AGENTS, options);
  const code = await keepAlive(() => course(agents, options));
  if (code !== 0) process.exitCode = code;
  return code;
}

async function course(agents: readonly Startable[], options: RunAgentsOptions): Promise<number> {
  const { configs: given, trace: path, signal, onReady, log = consoleLog, ...rest } = options;
  const configs = typeof given === 'string' ? await fileConfig(given) : given;
  if (configs !== undefined && onReady === undefined) refuseUnknownSections(configs, agents);
  const host = createHost({ log, offload: workerPool(), ...rest, ...(configs && { configs }) });
  const live = new Course(host, log);
  const abort = (): void => {
    live.interrupt();
  };
  signal?.addEventListener('abort', abort);
  try {
    if (path !== undefined) live.trace = await traceToFile(host, path);
    stopOnSignals(host, { onSignal: abort });
    if (signal?.aborted === true) abort();
    await live.start(agents, onReady);
    return await live.end();
  } catch (error) {
    // A start that has been cut short has not failed.
    if (live.isInterrupted) return await live.end();
    await live.stop();
    throw withoutSecrets(error, configs);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
