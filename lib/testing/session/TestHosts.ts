import type { AgentError } from '../../AgentError';
import type { Host, HostStopReport } from '../../host/Host';
import { memoryStore } from '../../store/memoryStore';
import type { Clock } from '../../time/clock/Clock';
import { type RandomSource, seededRandom } from '../../time/spans/random';
import type { Activity } from '../../trace/Activity';
import type { LedgerEntry } from '../../trace/Ledger';
import { silentLog } from '../../trace/Log';
import { type Draws, randomDraws } from '../network/Draws';
import { HostNetwork, type SimulatedNetwork } from '../network/HostNetwork';
import { toQualities } from '../network/options';
import type { MarbleOptions } from './options';
import { TestBus } from './TestBus';
import { TestHost } from './TestHost';

/** What the hosts of a test have in common. */
export interface Setting {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What a search makes of the network. */
  readonly draws: Draws | undefined;
  readonly options: MarbleOptions;
  failed(error: AgentError): void;
}

/** The hosts of a marble test: the one that each has, and those that the body asks for by name. */
export class TestHosts {
  private readonly named = new Map<string, TestHost>();
  private between: HostNetwork | undefined;

  constructor(
    readonly first: TestHost,
    private readonly bus: TestBus,
    private readonly setting: Setting,
  ) {
    this.add(first);
  }

  /** What is between them. A test with one host has no use for it. */
  get network(): SimulatedNetwork {
    return this.joined;
  }

  get activity(): Activity {
    return this.first.activity;
  }

  get isAwaited(): boolean {
    return this.all.some((host) => host.isAwaited);
  }

  of(name: string): TestHost {
    return this.named.get(name) ?? this.open(name);
  }

  ledger(): readonly LedgerEntry[] {
    return this.named.size === 1 ? this.first.ledger() : this.all.flatMap((host) => host.ledger());
  }

  /** Stops all, as they would stop by themselves: none waits for another. */
  async stop(): Promise<HostStopReport> {
    if (this.named.size === 1) return this.first.stop();
    const reports = await Promise.all(this.all.map((host) => host.stop()));
    return { agents: reports.flatMap(({ agents }) => agents), left: reports.flatMap(({ left }) => left) };
  }

  private open(name: string): TestHost {
    const { random, clock, options } = this.setting;
    const { offload, store = memoryStore() } = options;
    const bus = new TestBus();
    this.joined.join(name, bus);
    const own = { name, log: silentLog, random, bus, store, ...(offload && { offload }) };
    const host = new TestHost(own, clock, undefined, this.first);
    this.add(host);
    return host;
  }

  private add(host: TestHost): void {
    this.named.set(host.name, host);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    host.errors$.subscribe((error) => {
      this.setting.failed(error);
    });
  }

  private get joined(): HostNetwork {
    if (this.between === undefined) {
      const { setting, first, bus } = this;
      const { network = {} } = setting.options;
      const random = network.seed === undefined ? setting.random : seededRandom(network.seed);
      this.between = new HostNetwork(toQualities(network), setting.draws ?? randomDraws(random));
      this.between.join(first.name, bus);
    }
    return this.between;
  }

  private get all(): readonly TestHost[] {
    return [...this.named.values()];
  }
}

/** The first host, which gives another one when it is called. */
export function callableHost(hosts: TestHosts): Host & ((name: string) => Host) {
  const { first } = hosts;
  const bound = new Map<unknown, unknown>();
  const get = (_target: unknown, key: PropertyKey): unknown => {
    const value: unknown = Reflect.get(first, key, first);
    if (typeof value !== 'function') return value;
    let method = bound.get(value);
    if (method === undefined) bound.set(value, (method = value.bind(first)));
    return method;
  };
  const other = (name: string): Host => hosts.of(name);
  return new Proxy(other, { get, has: (_target, key) => key in first }) as Host & typeof other;
}
