import type { RunHelpers } from 'rxjs/testing';
import type { AgentError } from '../AgentError';
import type { AgentHandle } from '../agent/AgentHandle';
import type { LiveAgent } from '../agent/LiveAgent';
import { LiveHost } from '../host/LiveHost';
import { toInstant } from '../time/at';
import { formatMs, toMs } from '../time/duration';
import type { Task } from '../time/Timers';
import { liveRandom, seededRandom } from '../time/random';
import { VirtualClock } from '../time/VirtualClock';
import { VirtualGlobals } from '../time/VirtualGlobals';
import { VirtualTimeout, VirtualTimeouts } from '../time/VirtualTimeouts';
import { TimerSubscriber } from '../time/TimerSubscriber';
import { ScheduledAction } from '../time/ScheduledAction';
import type { RunEntry } from '../trace/Ledger';
import { silentLog } from '../trace/Log';
import { bindContext } from './bindContext';
import { Expectations } from './Expectations';
import { ForeignHold } from './ForeignHold';
import { Frames } from './Frames';
import type { MarbleHelpers } from './MarbleHelpers';
import { parseTime } from './marbles';
import type { MarbleOptions } from './options';
import { Painting } from './Painting';
import { Recorder } from './Recorder';
import type { MarbleReport } from './report';
import { delegateRxjs } from './rxjsProviders';
import { Sources } from './Sources';
import { TestClock } from './TestClock';
import { type Bounds, TimeFlow } from './TimeFlow';

/** The world of one marble test: its time, its host, and what is expected of them. */
export class MarbleSession {
  readonly seed: number;
  readonly host: LiveHost;
  readonly expectations: Expectations;
  readonly testClock: TestClock;
  /** What scheduled work has thrown. */
  readonly thrown: unknown[] = [];
  private readonly clock: VirtualClock;
  private readonly frames: Frames;
  private readonly painting: Painting;
  private readonly timeouts: VirtualTimeouts;
  private readonly recorder: Recorder;
  private readonly agentErrors: AgentError[] = [];
  private readonly streamNames = new WeakMap<object, { readonly agent: string; readonly stream: string }>();
  private readonly unbegun: LiveAgent[] = [];
  private readonly sources: Sources;
  private hasBegun = false;
  private readonly bounds: Bounds;
  private readonly maxHold: number;

  constructor(options: MarbleOptions) {
    const {
      seed = Math.floor(liveRandom() * 2 ** 32),
      until,
      startTime = 0,
      maxInstants = 1_000_000,
      maxHold = '3s',
    } = options;
    const onError = (error: unknown): void => {
      this.thrown.push(error);
    };
    this.seed = seed;
    this.clock = new VirtualClock(toInstant(startTime));
    this.host = new LiveHost({ name: 'test', log: silentLog, random: seededRandom(seed) }, this.clock);
    this.testClock = new TestClock(this.clock, this.host.scheduler);
    this.frames = new Frames(this.host.scheduler, this.clock.start, onError);
    this.sources = new Sources(this.frames);
    this.painting = new Painting(this.frames);
    this.timeouts = new VirtualTimeouts(this.host.scheduler, bindContext, onError);
    this.recorder = new Recorder(this.host.trace$);
    this.expectations = new Expectations(this.frames, this.host.trace$, (source$) =>
      this.streamNames.get(source$),
    );
    this.bounds = {
      until: until === undefined ? Infinity : this.clock.start + toMs(until),
      instants: maxInstants,
    };
    this.maxHold = toMs(maxHold);
    this.host.errors$.subscribe((error) => {
      this.agentErrors.push(error);
    });
  }

  get start(): number {
    return this.clock.start;
  }

  /** The last instant that the test names. */
  get horizon(): number {
    return this.start + this.expectations.horizon;
  }

  /** The ms since the start. */
  get elapsed(): number {
    return this.frames.now();
  }

  /** Whether nothing is armed any more. */
  get isAtRest(): boolean {
    return this.clock.nextWake === Infinity;
  }

  /** What is armed, in words; no more than a few. */
  armed(): string[] {
    const owners = [...this.host.scheduler.armed()]
      .slice(0, 5)
      .map(({ due, owner }) => `${nameOf(owner)} for ${formatMs(due - this.start)}`);
    const rest = this.host.scheduler.size - owners.length;
    return rest > 0 ? [...owners, `${rest} more`] : owners;
  }

  get report(): MarbleReport {
    return {
      seed: this.seed,
      endedAt: this.frames.now(),
      trace: this.recorder.events,
      inFlight: this.host.ledger(),
      errors: this.agentErrors,
    };
  }

  /** A flow of its time; a test has one for its body and one for its end. */
  flow(bounds: Partial<Bounds> = {}): TimeFlow {
    const hold = new ForeignHold(this.host.activity, () => this.awakeRuns(), this.maxHold);
    return new TimeFlow(this.clock, this.host.scheduler, hold, { ...this.bounds, ...bounds });
  }

  /** Puts virtual time in the place of the host's and gives the way back. */
  install(): () => void {
    const globals = new VirtualGlobals(this.clock, this.timeouts, this.painting);
    globals.install();
    const undelegate = delegateRxjs(this.clock, this.timeouts, this.painting);
    return () => {
      undelegate();
      globals.restore();
    };
  }

  /** Starts what waits for time to pass: hot sources first, as in RxJS, then agents. */
  begin(): void {
    this.hasBegun = true;
    this.sources.begin();
    for (const agent of this.unbegun.splice(0)) this.beginAgent(agent);
  }

  helpers(flush: () => void): MarbleHelpers {
    const { expectObservable, expectSubscriptions, expectHandlers } = this.expectations;
    return {
      cold: this.sources.cold,
      hot: this.sources.hot,
      time: parseTime,
      animate: this.painting.animate,
      flush,
      // RxJS's types name classes that it does not export; these do what those do.
      expectObservable: expectObservable as RunHelpers['expectObservable'],
      expectSubscriptions: expectSubscriptions as RunHelpers['expectSubscriptions'],
      expectHandlers,
      start: this.startAgent as MarbleHelpers['start'],
      host: this.host,
      clock: this.testClock,
    };
  }

  private readonly startAgent = (
    definition: Parameters<LiveHost['setUp']>[0],
    config?: unknown,
  ): AgentHandle => {
    const agent = this.host.setUp(definition, config, { ready: () => undefined, failed: () => undefined });
    for (const [stream, source$] of Object.entries(agent.streams)) {
      this.streamNames.set(source$, { agent: agent.name, stream });
    }
    if (this.hasBegun) this.beginAgent(agent);
    else this.unbegun.push(agent);
    return agent;
  };

  private beginAgent(agent: LiveAgent): void {
    this.host.scheduler.schedule(() => {
      agent.start();
    });
  }

  private awakeRuns(): RunEntry[] {
    return this.host
      .ledger()
      .filter((entry) => entry.kind === 'run')
      .filter(({ parked, isAborted }) => parked.length === 0 && !isAborted);
  }
}

/** What a task is called in reports. */
function nameOf(task: Task): string {
  if (task instanceof VirtualTimeout)
    return task.lane === 'interval' ? 'setInterval' : task.lane === 'timeout' ? 'setTimeout' : 'setImmediate';
  if (task instanceof TimerSubscriber) return `${task.kind}()`;
  return task instanceof ScheduledAction ? 'scheduled work' : 'a wait of a run';
}
