import type { AgentError } from '../../AgentError';
import type { Searched } from '../../host/Environment';
import type { HostOptions, HostStopReport } from '../../host/Host';
import type { Leases } from '../../store/leases/Leases';
import { memoryStore } from '../../store/memoryStore';
import type { Store } from '../../store/Store';
import { type RandomSource, seededRandom } from '../../time/spans/random';
import { HostClock } from '../../time/virtual/HostClock';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import type { Activity } from '../../trace/Activity';
import type { LedgerEntry } from '../../trace/Ledger';
import { silentLog } from '../../trace/Log';
import { type Draws, randomDraws } from '../network/Draws';
import { toQualities } from '../network/options';
import { Servers } from '../network/Servers';
import { AllTasks } from './AllTasks';
import type { Cluster } from './Cluster';
import { FirstLeases } from './FirstLeases';
import { FIRST, type Mortal } from './Crashes';
import { type CommitWatcher, CrashStore } from './CrashStore';
import type { MarbleOptions } from './options';
import { TestBus } from './TestBus';
import { TestHost } from './TestHost';
import { TestHostNetwork, type TestNetwork } from './TestNetwork';

/** What the hosts of a test have in common. */
export interface Setting {
  readonly clock: VirtualClock;
  readonly random: RandomSource;
  /** The bus of the first host. */
  readonly bus: TestBus;
  readonly options: MarbleOptions;
  /** What a search makes of the network. */
  readonly draws: Draws | undefined;
  /** What a search puts in the place of a host's parts: of the first, and of another one. */
  searched(isFirst: boolean): Searched | undefined;
  /** Says what becomes of what a host is to keep. */
  watcher(host: string): CommitWatcher;
  /** The process of a host ends now. */
  crash(host: string, down: number): void;
  failed(error: AgentError): void;
}

interface Member extends Mortal {
  readonly host: TestHost;
  readonly store: CrashStore;
  /** The first one shares its time with the body. */
  readonly clock: HostClock | undefined;
}

/** The hosts of a marble test: the one that each has, and those that the body asks for by name. */
export class TestHosts implements Cluster {
  readonly first: TestHost;
  /** What is armed on them. */
  readonly tasks: AllTasks = new AllTasks(() => this.hosts);
  private readonly list: TestHost[] = [];
  private readonly members = new Map<string, Member>();
  private readonly firstLeases: FirstLeases;
  private readonly servers: Servers;
  private between: TestHostNetwork | undefined;
  private isJoined = false;

  constructor(private readonly setting: Setting) {
    const { clock, bus, options } = setting;
    const { store = memoryStore() } = options;
    this.servers = new Servers(store, () => this.first.scheduler);
    this.firstLeases = new FirstLeases(this.servers.marks, () => this.roads.isCutOff(FIRST));
    this.first = this.add(FIRST, bus, undefined, (parts) => {
      const leases: Leases = {
        open: (...who) => this.roads.leases(FIRST).open(...who),
        atOnce: this.firstLeases,
      };
      return new TestHost({ ...parts, leases }, clock, setting.searched(true));
    });
  }

  /** What is between them. A test with one host has no use for it. */
  get network(): TestNetwork {
    return this.joined;
  }

  get activity(): Activity {
    return this.first.activity;
  }

  get isAwaited(): boolean {
    return this.all.some(({ host }) => host.isAwaited);
  }

  of(name: string): TestHost {
    return this.members.get(name)?.host ?? this.open(name);
  }

  /** All of them, the first one first. */
  get hosts(): readonly TestHost[] {
    return this.list;
  }

  isStalled({ name }: TestHost): boolean {
    return this.members.get(name)?.clock?.isStalled === true;
  }

  find(name: string): Mortal | undefined {
    return this.members.get(name);
  }

  ledger(): readonly LedgerEntry[] {
    return this.isAlone ? this.first.ledger() : this.all.flatMap(({ host }) => host.ledger());
  }

  /** Stops all, as they would stop by themselves: none waits for another, and nothing is between them any more. */
  async stop(): Promise<HostStopReport> {
    if (this.isAlone) return this.first.stop();
    this.joined.heal();
    for (const { clock } of this.all) if (clock?.isStalled === true) clock.stallUntil(clock.now());
    const reports = await Promise.all(this.all.map(({ host }) => host.stop()));
    return { agents: reports.flatMap(({ agents }) => agents), left: reports.flatMap(({ left }) => left) };
  }

  crash({ name }: TestHost, down: number): void {
    this.setting.crash(name, down);
  }

  private open(name: string): TestHost {
    const { first, joined, setting } = this;
    const bus = new TestBus();
    const clock = new HostClock(setting.clock);
    joined.join(name, bus);
    const host = this.add(
      name,
      bus,
      clock,
      (parts) => new TestHost(parts, clock, setting.searched(false), first),
    );
    this.firstLeases.share();
    return host;
  }

  private add(
    name: string,
    bus: TestBus,
    clock: HostClock | undefined,
    make: (parts: HostOptions) => TestHost,
  ): TestHost {
    const { setting } = this;
    const { random, options } = setting;
    const { offload } = options;
    const kept: Store = { open: (...who) => this.roads.store(name).open(...who) };
    const store = new CrashStore(kept, setting.watcher(name));
    const host = make({ name, log: silentLog, random, bus, store, ...(offload && { offload }) });
    this.list.push(host);
    this.members.set(name, { host, bus, store, clock });
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    host.errors$.subscribe((error) => {
      setting.failed(error);
    });
    return host;
  }

  private get isAlone(): boolean {
    return this.members.size === 1;
  }

  private get all(): readonly Member[] {
    return [...this.members.values()];
  }

  /** What is between hosts and servers; the first host is on it with its bus only when there may be others. */
  private get roads(): TestHostNetwork {
    if (this.between === undefined) {
      const { random, draws, options } = this.setting;
      const { network = {} } = options;
      const drawn = network.seed === undefined ? random : seededRandom(network.seed);
      this.between = new TestHostNetwork(
        toQualities(network),
        draws ?? randomDraws(drawn),
        this.servers,
        (name) => this.members.get(name)?.clock,
      );
    }
    return this.between;
  }

  private get joined(): TestHostNetwork {
    if (!this.isJoined) {
      this.isJoined = true;
      this.roads.join(FIRST, this.setting.bus);
    }
    return this.roads;
  }
}
