import type { AgentError } from '../../AgentError';
import { holdTurnEnds } from '../../time/clock/turnEnd';
import { toInstant } from '../../time/operators/at';
import { toMs } from '../../time/spans/duration';
import { FINITE } from '../../time/queue/rank';
import { VirtualClock } from '../../time/virtual/VirtualClock';
import { VirtualTimeouts } from '../../time/virtual/VirtualTimeouts';
import { Agents } from './Agents';
import { describeArmed } from '../flow/armed';
import { Crashes } from './Crashes';
import { Expectations } from '../expectations/Expectations';
import { ForeignWatch } from '../foreign/ForeignWatch';
import { Frames } from '../flow/Frames';
import { Helpers } from './Helpers';
import type { MarbleHelpers } from './MarbleHelpers';
import { parseTime } from '../expectations/marbles';
import type { MarbleOptions } from './options';
import { Painting } from '../flow/Painting';
import { idleBounds } from '../flow/Patience';
import { Recorder } from '../report/Recorder';
import type { MarbleReport } from '../report/report';
import { Seed } from './Seed';
import { Sources } from '../flow/Sources';
import { stage } from './Stage';
import { StandaloneRunners } from './StandaloneRunners';
import { TestBus } from './TestBus';
import type { Variation } from './Variation';
import { TestClock } from './TestClock';
import { TestContext } from './TestContext';
import { callableHost } from './callableHost';
import { TestHosts } from './TestHosts';
import { type Bounds, TimeFlow } from '../flow/TimeFlow';

const MOST_INSTANTS = 500_000;

/** The world of one marble test: its time, its host, and what is expected of them. */
export class MarbleSession {
  readonly context = new TestContext();
  readonly seed: Seed;
  readonly hosts: TestHosts;
  readonly expectations: Expectations;
  readonly testClock: TestClock;
  readonly foreign: ForeignWatch;
  /** The handler operators in no agent. */
  readonly standalone: StandaloneRunners;
  /** What scheduled work has thrown. */
  readonly thrown: unknown[] = [];
  /** Whether the body has asked for something that it can only look at by itself. */
  hasLooked = false;
  private readonly clock: VirtualClock;
  private readonly frames: Frames;
  private readonly painting: Painting;
  private readonly timeouts: VirtualTimeouts;
  private readonly recorder = new Recorder();
  private readonly agentErrors: AgentError[] = [];
  private readonly agents: Agents;
  private readonly sources: Sources;
  private readonly bounds: Bounds;
  private given: MarbleHelpers | undefined;
  readonly crashes: Crashes;

  constructor(
    options: MarbleOptions,
    private readonly variation?: Variation,
  ) {
    const { seed, until, startTime = 0, maxInstants, maxHold = '3s', offload } = options;
    const onError = (error: unknown): void => {
      this.thrown.push(error);
    };
    const agentFailed = (error: AgentError): void => {
      this.agentErrors.push(error);
    };
    this.seed = new Seed(seed);
    const random = variation?.random ?? this.seed.random;
    this.clock = new VirtualClock(toInstant(startTime));
    this.crashes = new Crashes({
      find: (host) => this.hosts.find(host),
      agents: () => this.agents,
      frames: () => this.frames,
      chosen: variation && ((commit, host) => variation.commit(commit, host)),
    });
    this.hosts = new TestHosts({
      clock: this.clock,
      random,
      bus: () => variation?.bus ?? new TestBus(),
      options,
      draws: variation?.draws,
      searched: (isFirst) => variation?.searched?.(this.clock, isFirst),
      watcher: (host) => this.crashes.watcher(host),
      crash: (host, down) => {
        this.crashes.now(host, down);
      },
      reader: this.recorder,
      failed: agentFailed,
    });
    const { scheduler } = this.hosts;
    this.standalone = new StandaloneRunners(this.hosts, random, offload, agentFailed);
    this.foreign = new ForeignWatch(this.context, this.clock, this.standalone, toMs(maxHold));
    this.testClock = new TestClock(this.clock, scheduler, this.foreign);
    this.frames = new Frames(scheduler, this.clock, onError);
    this.sources = new Sources(this.frames);
    this.painting = new Painting(this.frames);
    this.timeouts = new VirtualTimeouts(scheduler, onError);
    this.recorder.onRun(this.foreign.take);
    this.agents = new Agents(this.hosts);
    this.expectations = new Expectations(this.frames, this.recorder, (source$) =>
      this.agents.nameOf(source$),
    );
    this.bounds = {
      until: until === undefined ? Infinity : this.clock.start + toMs(until),
      instants: maxInstants ?? MOST_INSTANTS,
      idle: idleBounds(until !== undefined || maxInstants !== undefined),
    };
  }

  get start(): number {
    return this.clock.start;
  }

  /** The last instant that the test names. */
  get horizon(): number {
    return this.start + this.expectations.horizon;
  }

  /** Whether the body waits for something that is virtual. */
  get isAwaited(): boolean {
    return this.testClock.isSleptOn || this.hosts.isAwaited;
  }

  /** The ms since the start. */
  get elapsed(): number {
    return this.frames.now();
  }

  /** Whether nothing but repeating timers is left. */
  get isAtRest(): boolean {
    return this.hosts.tasks.count(FINITE) === 0;
  }

  /** Whether the body has done without agents and handlers: then there is nothing to stop. */
  get isHostless(): boolean {
    return this.hosts.areNone && this.standalone.runners.size === 0;
  }

  /** What is armed, in words; no more than a few. */
  armed(): string[] {
    return describeArmed(this.hosts.tasks, this.start);
  }

  get report(): MarbleReport {
    return {
      seed: this.seed.value,
      endedAt: this.elapsed,
      trace: this.recorder.events,
      inFlight: this.standalone.ledger(),
      errors: this.agentErrors,
      guesses: this.foreign.guesses,
    };
  }

  /** A flow of its time; a test has one for its body and one for its end. */
  flow(bounds: Partial<Bounds> = {}): TimeFlow {
    const { clock, hosts, foreign } = this;
    return new TimeFlow(clock, hosts.tasks, foreign.hold(), { ...this.bounds, ...bounds }, foreign);
  }

  /**
   * Puts virtual time in the place of the host's and gives the way back.
   *
   * @param flush what RxJS's `TestScheduler` is to do when it is told to flush
   */
  install(flush: () => void): () => void {
    const { variation, clock, timeouts, frames } = this;
    const isInside = (): boolean => this.context.isCurrent();
    if (variation?.pick !== undefined) timeouts.pick = variation.pick;
    const leave = stage.enter({
      clock,
      timeouts,
      frames,
      painter: this.painting,
      random: variation?.random,
      helpers: this.helpers(flush),
      isInside,
      looks: () => {
        this.hasLooked = true;
      },
    });
    const endWatch = this.foreign.begin();
    const endSurrounding = this.standalone.surround(isInside);
    const releaseTurns = holdTurnEnds();
    return () => {
      releaseTurns();
      endSurrounding();
      endWatch();
      leave();
    };
  }

  /** Lets begin what waits for time to pass: hot sources first, as in RxJS, then agents. */
  begin(): void {
    this.sources.begin();
    this.agents.begin();
    this.frames.beginWithPast();
  }

  /** @param flush what RxJS's `TestScheduler` is to do when it is told to flush */
  helpers(flush: () => void): MarbleHelpers {
    return (this.given ??= this.makeHelpers(flush));
  }

  private makeHelpers(flush: () => void): MarbleHelpers {
    const { agents, crashes, hosts, sources, expectations } = this;
    let host: MarbleHelpers['host'] | undefined;
    const helpers = new Helpers({
      cold: sources.cold,
      hot: sources.hot,
      time: this.time,
      animate: this.painting.animate,
      flush,
      // RxJS's types name classes that it does not export; these do what those do.
      expectObservable: expectations.expectObservable,
      expectSubscriptions: expectations.expectSubscriptions,
      expectHandlers: expectations.expectHandlers,
      start: agents.start as MarbleHelpers['start'],
      clock: this.testClock,
      host: () => (host ??= callableHost(hosts)),
      bus: () => hosts.bus,
      network: () => hosts.network,
      crash: () => {
        agents.outliveTheHost = true;
        return crashes.crashAt;
      },
    });
    return this.variation?.helpers?.(helpers) ?? helpers;
  }

  private readonly time = (marbles: string): number => {
    this.hasLooked = true;
    return parseTime(marbles);
  };
}
