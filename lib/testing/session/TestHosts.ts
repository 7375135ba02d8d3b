import { AgentError } from '../../AgentError';
import type { TestParts } from '../../host/Environment';
import type { HostOptions, HostStopReport } from '../../host/Host';
import type { RandomSource } from '../../time/spans/random';
import { HostClock } from '../../time/virtual/HostClock';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import { Scheduler } from '../../time/queue/Scheduler';
import { Activity } from '../../trace/Activity';
import type { LedgerEntry } from '../../trace/Ledger';
import type { TraceReader } from '../../trace/Trace';
import { silentLog } from '../../trace/Log';
import type { Draws } from '../network/Draws';
import { AllTasks } from './AllTasks';
import { Between } from './Between';
import type { Cluster } from './Cluster';
import { FIRST, type Mortal } from './Crashes';
import { type CommitWatcher, CrashStore } from './CrashStore';
import type { MarbleOptions } from './options';
import { TestBus } from './TestBus';
import { TestHost } from './TestHost';
import type { TestNetwork } from './TestNetwork';

/** What the hosts of a test have in common. */
export interface Setting {
  readonly clock: VirtualClock;
  readonly random: RandomSource;
  /** Makes the bus of the first host. */
  bus(): TestBus;
  readonly options: MarbleOptions;
  /** What a search makes of the network. */
  readonly draws: Draws | undefined;
  /** What a search puts in the place of a host's parts: of the first, and of another one. */
  searched(isFirst: boolean): Pick<TestParts, 'queue' | 'deviations'> | undefined;
  /** Says what becomes of what a host is to keep. */
  watcher(host: string): CommitWatcher;
  /** The process of a host ends now. */
  crash(host: string, down: number): void;
  /** Reads the trace of all of them. */
  readonly reader: TraceReader;
  failed(error: AgentError): void;
}

interface Member extends Mortal {
  readonly host: TestHost;
  readonly store: CrashStore;
  /** The first one shares its time with the body. */
  readonly clock: HostClock | undefined;
}

/**
 * The hosts of a marble test: the one that each has, and those that the body asks for by name. A test of RxJS alone needs
 * none, and has none made: only the scheduler that would be the first one's.
 */
export class TestHosts implements Cluster {
  readonly scheduler: Scheduler;
  readonly activity = new Activity();
  /** What is armed on them. */
  readonly tasks: AllTasks;
  private readonly schedulings: { readonly scheduler: Scheduler }[] = [this];
  private readonly members = new Map<string, Member>();
  private readonly list: TestHost[] = [];
  private readonly deviations: TestParts['deviations'];
  private readonly between: Between;
  private madeFirst: Member | undefined;

  constructor(private readonly setting: Setting) {
    const { queue, deviations } = setting.searched(true) ?? {};
    const onError = (error: unknown): void => {
      this.first.taskFailed(error);
    };
    this.scheduler = new Scheduler(setting.clock, { onError }, queue);
    this.deviations = deviations;
    this.tasks = new AllTasks(() => this.schedulings);
    this.between = new Between({
      ...setting,
      timers: this.scheduler,
      clockOf: (host) => this.members.get(host)?.clock,
      firstBus: () => this.bus,
    });
  }

  /** Whether none has been asked for. */
  get areNone(): boolean {
    return this.madeFirst === undefined;
  }

  get first(): TestHost {
    return this.firstMember.host;
  }

  /** The bus of the first one. */
  get bus(): TestBus {
    return this.firstMember.bus;
  }

  /** What is between them. A test with one host has no use for it. */
  get network(): TestNetwork {
    return this.between.network;
  }

  get isAwaited(): boolean {
    for (const { host } of this.members.values()) if (host.isAwaited) return true;
    return false;
  }

  of(name: string): TestHost {
    return this.members.get(name)?.host ?? this.open(name);
  }

  /** All of them, the first one first. */
  get hosts(): readonly TestHost[] {
    return this.areNone ? [this.first] : this.list;
  }

  isStalled({ name }: TestHost): boolean {
    return this.members.get(name)?.clock?.isStalled === true;
  }

  find(name: string): Mortal | undefined {
    return name === FIRST ? this.firstMember : this.members.get(name);
  }

  ledger(): readonly LedgerEntry[] {
    return this.all.flatMap(({ host }) => host.ledger());
  }

  /** Stops all, as they would stop by themselves: none waits for another, and nothing is between them any more. */
  async stop(): Promise<HostStopReport> {
    if (this.areNone) return { agents: [], left: [] };
    if (this.members.size === 1) return this.first.stop();
    this.between.network.heal();
    for (const { clock } of this.all) if (clock?.isStalled === true) clock.stallUntil(clock.now());
    const reports = await Promise.all(this.all.map(({ host }) => host.stop()));
    return { agents: reports.flatMap(({ agents }) => agents), left: reports.flatMap(({ left }) => left) };
  }

  crash({ name }: TestHost, down: number): void {
    this.setting.crash(name, down);
  }

  private open(name: string): TestHost {
    const { first, between, setting } = this;
    if (this.members.size === 1 && first.bus.topics.areInUse) throw tooLate(name);
    const bus = new TestBus();
    const clock = new HostClock(setting.clock);
    between.network.join(name, bus);
    const { host } = this.add(
      name,
      bus,
      clock,
      (parts) => new TestHost(parts, clock, setting.searched(false), first),
    );
    between.share();
    this.schedulings.push(host);
    return host;
  }

  private get firstMember(): Member {
    return (this.madeFirst ??= this.makeFirst());
  }

  private makeFirst(): Member {
    const { scheduler, activity, deviations, setting } = this;
    const leases = this.between.firstLeases;
    const member = this.add(
      FIRST,
      setting.bus(),
      undefined,
      (parts) => new TestHost({ ...parts, leases }, setting.clock, { scheduler, activity, deviations }),
    );
    member.host.trace.readBy(setting.reader);
    return member;
  }

  private add(
    name: string,
    bus: TestBus,
    clock: HostClock | undefined,
    make: (parts: HostOptions) => TestHost,
  ): Member {
    const { setting } = this;
    const { random, options } = setting;
    const { offload } = options;
    const store = new CrashStore(this.between.storeOf(name), setting.watcher(name));
    const host = make({ name, log: silentLog, random, bus, store, ...(offload && { offload }) });
    const member: Member = { host, bus, store, clock };
    this.members.set(name, member);
    this.list.push(host);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    host.errors$.subscribe((error) => {
      setting.failed(error);
    });
    return member;
  }

  private get all(): readonly Member[] {
    return [...this.members.values()];
  }
}

function tooLate(name: string): AgentError {
  const message = `host('${name}') comes too late: the test's own host keeps messages of durable topics by itself already, where no other host sees them. Ask for the other hosts before an agent starts that takes such messages.`;
  return new AgentError('bad-option', message);
}
