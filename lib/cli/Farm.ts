import { AgentError } from '../AgentError';
import { nearestName } from '../nearestName';
import { codeOf, isA, messageOf } from '../readError';
import type { AgentHandle } from '../agent/AgentHandle';
import type { ConfigStore } from '../agent/config/ConfigStore';
import { createHost } from '../host/createHost';
import type { Host } from '../host/Host';
import { fileConfig } from '../node/configs/fileConfig';
import { stopOnSignals } from '../node/stopOnSignals';
import { type TraceFile, traceToFile } from '../node/trace/traceToFile';
import { workerPool } from '../node/workerPool';
import { liveClock } from '../time/clock/liveClock';
import type { Log } from '../trace/Log';
import { CommandError } from './CommandError';
import type { Modules } from './Modules';
import { agentsOf, type Startables, startablesOf } from './startables';

export interface FarmOptions {
  readonly config?: string;
  readonly speed: number;
  readonly trace?: string;
}

/** One life of all that the modules export. */
export class Farm {
  /** Resolves when an agent has failed for good, with what failed, or with undefined when the host has stopped. */
  readonly ended: Promise<string | undefined>;
  private isInterrupted = false;
  private isOver = false;
  private end!: (failure: string | undefined) => void;
  private trace: TraceFile | undefined;
  private readonly watched = new WeakSet<AgentHandle>();

  private constructor(readonly host: Host) {
    this.ended = new Promise((resolve) => {
      this.end = (failure) => {
        this.isOver = true;
        resolve(failure);
      };
    });
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    host.errors$.subscribe({
      complete: () => {
        this.end(undefined);
      },
    });
  }

  /**
   * Loads the modules and starts what they export.
   *
   * @throws CommandError or AgentError; nothing runs then
   */
  static async start(modules: Modules, options: FarmOptions, log: Log): Promise<Farm> {
    const configs = options.config === undefined ? undefined : await fileConfig(options.config);
    const found = (await modules.load()).map(startablesOf);
    const startables: Startables = {
      items: found.flatMap(({ items }) => items),
      functions: found.flatMap(({ functions }) => functions),
    };
    if (configs !== undefined) refuseUnknownSections(configs, startables);
    const host = createHost({
      name: 'rx-agent-kit',
      clock: liveClock({ speed: options.speed }),
      log,
      offload: workerPool(),
      ...(configs && { configs }),
    });
    const farm = new Farm(host);
    try {
      if (options.trace !== undefined) farm.trace = await traceToFile(host, options.trace);
      stopOnSignals(host, {
        onSignal: () => {
          farm.isInterrupted = true;
        },
      });
      await farm.startAll(startables);
      const names = [...host.agents.keys()].join(', ');
      if (!farm.isOver) log.info(names === '' ? 'started, and no agent runs yet' : `started ${names}`);
    } catch (error) {
      await farm.stop();
      // A start that a signal has cut short has not failed.
      if (!farm.isInterrupted) throw withoutSecrets(error, configs);
    }
    return farm;
  }

  /** Stops everything, and resolves with the names of what had to be cut off. */
  async stop(): Promise<string[]> {
    const { left } = await this.host.stop();
    await this.trace?.closed;
    return left.map(({ agent, stream }) => `${agent}.${stream}`);
  }

  private async startAll({ items, functions }: Startables): Promise<void> {
    const { host } = this;
    await host.startAll(items);
    for (const name of host.agents.keys()) this.watch(name);
    // An agent that fails tells of it before anything else.
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    host.errors$.subscribe(({ agent }) => {
      if (agent !== undefined) this.watch(agent);
    });
    // A function may be what goes on for as long as its agents do: that holds up neither their end nor a stop.
    await Promise.race([this.call(functions), this.ended]);
  }

  private async call(functions: Startables['functions']): Promise<void> {
    for (const start of functions) await start(this.host);
  }

  /** Waits for an agent to fail for good. */
  private watch(name: string): void {
    const agent = this.host.agents.get(name);
    if (agent === undefined || this.watched.has(agent)) return;
    this.watched.add(agent);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    agent.state$.subscribe((state) => {
      if (state !== 'failed') return;
      const { reason = 'it does not say why' } = agent.health;
      this.end(`${name} has failed for good: ${this.host.configs?.hide?.(reason) ?? reason}`);
    });
  }
}

/** An error that is told on stderr must not show what the config file hides. */
function withoutSecrets(error: unknown, configs: ConfigStore | undefined): unknown {
  const message = messageOf(error);
  const shown = configs?.hide?.(message) ?? message;
  if (shown === message) return error;
  return isA(error, AgentError) ? new AgentError(error.code, shown) : new Error(shown);
}

/** A section that no agent reads is a slip of the pen, unless a function starts who knows what. */
function refuseUnknownSections(configs: ConfigStore, { items, functions }: Startables): void {
  if (functions.length > 0) return;
  const names = items.flatMap(agentsOf).map(({ name }) => name);
  const unknown = configs.sections().find((section) => !names.includes(section));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new CommandError(
    `--config ${configs.origin} has a section ${unknown}, but there is no such agent.${meant} The agents are ${names.join(', ')}.`,
  );
}

/** What is wrong, as the last line says it. */
export function failureLine(error: unknown): string {
  return isA(error, AgentError) ? `${messageOf(error)} [${String(codeOf(error))}]` : messageOf(error);
}
