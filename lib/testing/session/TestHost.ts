import type { AgentHandle } from '../../agent/AgentHandle';
import type { ConfigSchema } from '../../agent/config/config';
import type { AgentDefinition, Streams } from '../../agent/definition/defineAgent';
import type { TestParts } from '../../host/Environment';
import type { HostOptions, HostStopReport, KeptOptions, StartArgs } from '../../host/Host';
import type { Startable, StartedAll } from '../../host/supervision/group';
import { HostRuntime } from '../../host/HostRuntime';
import { closedEarly } from '../../store/storeErrors';
import type { Clock } from '../../time/clock/Clock';
import { TestBus } from './TestBus';

/** A start that is done again when the host has come back. */
interface Started {
  /** Whose start it is, as far as they are to be looked for among those that run. */
  readonly names: readonly string[];
  isSettled: boolean;
  again(): Promise<unknown>;
}

/**
 * The host of a marble test. It knows whether somebody waits for it, and thus for nothing foreign. It can crash, and
 * come back: then the same agents start again on the same store.
 */
export class TestHost extends HostRuntime {
  private waits = 0;
  private readonly started: Started[] = [];
  /** Those that run when it crashes are started again. */
  private ranBefore: ReadonlySet<string> = new Set();
  private isDown = false;
  private life = 0;
  private readonly keptWaiters = new Set<(error: unknown) => void>();

  constructor(
    private readonly hostOptions: HostOptions,
    private readonly hostClock: Clock,
    given?: TestParts,
    beside?: TestHost,
  ) {
    super(hostOptions, hostClock, given, beside);
    if (hostOptions.bus instanceof TestBus) hostOptions.bus.host = this;
  }

  get isAwaited(): boolean {
    return this.waits > 0;
  }

  /** Whether it has crashed, and is yet to come back. */
  get hasCrashed(): boolean {
    return this.isDown;
  }

  crash(): void {
    this.isDown = true;
    this.life++;
    this.ranBefore = new Set(this.agents.keys());
    this.vanish(this.hostOptions, this.hostClock);
    for (const refuse of [...this.keptWaiters]) refuse(closedEarly(this.name));
  }

  /** Starts again what was started by `start` and `startAll`, one after the other, as whoever started it did. */
  revive(): void {
    this.isDown = false;
    const { life } = this;
    const again = this.started.filter(
      ({ isSettled, names }) => !isSettled || names.some((name) => this.ranBefore.has(name)),
    );
    void (async () => {
      for (const start of again) if (life === this.life) await start.again();
    })();
  }

  /** Whether an agent ran when the host crashed. */
  hadRunning(name: string): boolean {
    return this.ranBefore.has(name);
  }

  override start<S extends Streams, Schema extends ConfigSchema>(
    agent: AgentDefinition<Schema, S>,
    ...config: StartArgs<Schema>
  ): Promise<AgentHandle<S, Schema>> {
    const names: string[] = [];
    return this.noted(
      this.begun(names, async () => {
        const started = await super.start(agent, ...config);
        names[0] = started.name;
        return started;
      }),
    );
  }

  override startAll<const List extends readonly Startable[]>(list: List): Promise<StartedAll<List>> {
    const before = new Set(this.agents.keys());
    const names: string[] = [];
    return this.noted(
      this.begun(names, async () => {
        const started = await super.startAll(list);
        for (const name of this.agents.keys()) if (!before.has(name)) names.push(name);
        return started;
      }),
    );
  }

  override kept(options?: KeptOptions): Promise<void> {
    if (this.isDown) return Promise.reject(closedEarly(this.name));
    return this.noted(
      new Promise((resolve, reject) => {
        const end = (): void => {
          this.keptWaiters.delete(reject);
        };
        this.keptWaiters.add(reject);
        super.kept(options).finally(end).then(resolve, reject);
      }),
    );
  }

  override stop(): Promise<HostStopReport> {
    return this.noted(super.stop());
  }

  /** A start that goes on over crashes. */
  private begun<V>(names: readonly string[], start: () => Promise<V>): Promise<V> {
    return new Promise<V>((resolve, reject) => {
      const again = async (): Promise<void> => {
        const { life } = this;
        try {
          const value = await start();
          if (life !== this.life) return;
          started.isSettled = true;
          resolve(value);
        } catch (error) {
          if (life !== this.life) return;
          started.isSettled = true;
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- What was thrown is passed on as it came.
          reject(error);
        }
      };
      const started: Started = { names, isSettled: false, again };
      this.started.push(started);
      if (!this.isDown) void again();
    });
  }

  private noted<P extends Promise<unknown>>(promise: P): P {
    const end = (): void => {
      this.waits--;
    };
    this.waits++;
    promise.then(end, end);
    return promise;
  }
}
