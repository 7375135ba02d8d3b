import type { AgentHandle } from '../../agent/AgentHandle';
import type { Host } from '../../host/Host';
import type { Startable } from '../../host/supervision/group';
import type { Log } from '../../trace/Log';
import type { TraceFile } from '../trace/traceToFile';

/** What becomes of the agents of a program: their start, until they are stopped or one has failed for good. */
export class Course {
  trace: TraceFile | undefined;
  /** Whether it has been told to stop from outside. */
  isInterrupted = false;
  /** Resolves with what has failed for good, or with undefined when the host has stopped. */
  private readonly ended: Promise<string | undefined>;
  private isOver = false;
  private over!: (failure: string | undefined) => void;
  private readonly watched = new WeakSet<AgentHandle>();

  constructor(
    private readonly host: Host,
    private readonly log: Log,
  ) {
    this.ended = new Promise((resolve) => {
      this.over = (failure) => {
        this.isOver = true;
        resolve(failure);
      };
    });
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    host.errors$.subscribe({
      complete: () => {
        this.over(undefined);
      },
    });
  }

  async start(agents: readonly Startable[], onReady: ((host: Host) => unknown) | undefined): Promise<void> {
    const { host } = this;
    await host.startAll(agents);
    for (const name of host.agents.keys()) this.watch(name);
    // An agent that fails tells of it before anything else.
    // eslint-disable-next-line rxjs-x/no-ignored-error -- It never fails.
    host.errors$.subscribe(({ agent }) => {
      if (agent !== undefined) this.watch(agent);
    });
    // It may be what goes on for as long as its agents do: that holds up neither their end nor a stop.
    await Promise.race([Promise.resolve(host).then(onReady), this.ended]);
    if (this.isOver) return;
    const names = [...host.agents.keys()].join(', ');
    this.log.info(names === '' ? 'started, and no agent runs yet' : `started ${names}`);
  }

  /** Stops the agents from outside. */
  interrupt(): void {
    this.isInterrupted = true;
    void this.host.stop();
  }

  /** Resolves when all has come to its end, with the exit code. */
  async end(): Promise<number> {
    const failure = await this.ended;
    const left = await this.stop();
    if (left.length > 0) this.log.warn(`cut off at the stop: ${left.join(', ')}`);
    if (failure === undefined) this.log.info('stopped');
    else this.log.error(failure);
    return failure === undefined ? 0 : 1;
  }

  /** Stops everything, and resolves with the names of what had to be cut off. */
  async stop(): Promise<string[]> {
    const { left } = await this.host.stop();
    await this.trace?.closed;
    return left.map(({ agent, stream }) => `${agent}.${stream}`);
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
      this.over(`${name} has failed for good: ${this.host.configs?.hide?.(reason) ?? reason}`);
    });
  }
}
