import type { Subscriber } from 'rxjs';
import { AgentError } from '../../AgentError';
import { isA } from '../../readError';
import { captureContext, type Context } from '../../time/present/Context';
import { formatMs } from '../../time/spans/duration';
import type { Worker } from '../../time/present/Present';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';
import type { RunEntry } from '../../trace/Ledger';
import type { AbortReason } from '../../trace/TraceEvent';
import type { Moment } from '../../time/clock/Moment';
import type { CalledOff, CallOff } from './CallOff';
import { Cancelled, type CancelReason } from './Cancelled';
import { follow } from './follow';
import type { Linked } from '../policies/IntrusiveList';
import type { Lane } from '../policies/Lane';
import type { Handler } from '../policies/Handler';
import { type GivenRun, RunContext } from './RunContext';
import type { RunJob } from '../durable/Job';
import type { RunScope } from './RunScope';
import type { RunTrace } from './RunTrace';
import type { Rank } from '../../time/queue/rank';
import type { WaitingRun } from '../waits/WaitingRun';
import { Waits } from '../waits/Waits';

/** The operator that an attempt is made for, and that is told of it. */
export interface AttemptOwner<T, R> {
  readonly scope: RunScope;
  readonly stream: string;
  readonly trace: RunTrace;
  readonly name: string;
  readonly place: Worker;
  readonly plan: { readonly timeout: number };
  readonly handler: Handler<T, R>;
  readonly result: Pick<Subscriber<R>, 'next'>;
  settled(run: ActiveRun<T, R>): void;
  failed(run: ActiveRun<T, R>, error: unknown): void;
  failedForGood(run: ActiveRun<T, R>, error: unknown): void;
  aborted(run: ActiveRun<T, R>, reason: AbortReason): void;
  calledOff(run: ActiveRun<T, R>): void;
  /** The handler has come to its end, in whatever way. */
  ended(run: ActiveRun<T, R>): void;
  /** Attempts are repeated, and have been for so long that something must be wrong. */
  goesOnFailing(cause: unknown): void;
}

/** One attempt at one trigger. */
export class ActiveRun<T = unknown, R = unknown>
  implements WaitingRun, GivenRun, Task, Linked<ActiveRun<T, R>>, CalledOff
{
  readonly id: number;
  readonly rank: Rank;
  before: ActiveRun<T, R> | undefined;
  behind: ActiveRun<T, R> | undefined;
  /** As a task, a run times out in its own context. */
  context: Context | undefined;
  private waits: Waits | undefined;
  private controller: AbortController | undefined;
  /** Why the run is over; undefined while it is not. */
  private ended: CancelReason | undefined;
  private since: Moment;
  private timeoutSlot = NO_SLOT;
  private unfollow: (() => void) | undefined;
  private hasLeft = false;
  /** What may call its job off, if anything. */
  calledOffBy: CallOff | undefined;

  constructor(
    private readonly runner: AttemptOwner<T, R>,
    readonly trigger: T,
    readonly attempt: number,
    readonly lane: Lane<T>,
  ) {
    const { scope } = runner;
    this.id = scope.nextRun();
    this.rank = scope.present.rank;
    this.since = scope.lately();
    scope.activity.wake();
  }

  get scope(): RunScope {
    return this.runner.scope;
  }

  get owner(): object {
    return this.runner.scope;
  }

  get stream(): string {
    return this.runner.stream;
  }

  get trace(): RunTrace {
    return this.runner.trace;
  }

  get isLive(): boolean {
    return this.ended === undefined;
  }

  get isGone(): boolean {
    return this.ended === 'crashed';
  }

  get cancelled(): Cancelled {
    return Cancelled.because[this.ended ?? 'settled'];
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.ended !== undefined) this.controller.abort(this.cancelled);
    }
    return this.controller.signal;
  }

  get waiting(): Waits {
    return (this.waits ??= new Waits(this));
  }

  get job(): RunJob | undefined {
    return undefined;
  }

  begin(): void {
    const { runner, scope } = this;
    this.trace.started(this, runner.name);
    if (runner.plan.timeout !== Infinity) {
      this.context = captureContext();
      this.timeoutSlot = scope.arm(scope.now() + runner.plan.timeout, this, this.rank);
    }
    const { present } = scope;
    const { rank: outerRank, worker: outer } = present;
    present.become(this.rank, runner.place);
    try {
      this.unfollow = follow(this, runner.handler(this.trigger, new RunContext(this)));
    } catch (error) {
      this.reject(error);
    }
    present.become(outerRank, outer);
    if (!this.isLive) this.letGo();
  }

  /** Begins after a pause, in which the ledger shows the run as parked. */
  beginAfter(pause: number): void {
    this.waiting.pause(
      pause,
      () => {
        this.since = this.scope.lately();
        this.begin();
      },
      () => {
        this.leave();
      },
    );
  }

  /** The handler has given a value. */
  emit(value: R): void {
    if (this.isLive) this.give(value);
    else this.trace.late(this, 'value', value);
  }

  /**
   * The handler has returned its one value. The run is over before that is emitted, and cannot be aborted by
   * what it causes; the next job waits until it is emitted.
   */
  succeed(value: R): void {
    if (this.isLive) {
      this.end('settled');
      this.give(value);
      this.runner.settled(this);
    } else this.trace.late(this, 'value', value);
    this.leave();
  }

  /** The handler has come to its end. */
  settle(): void {
    if (this.isLive) {
      this.end('settled');
      this.runner.settled(this);
    }
    this.leave();
  }

  /** The handler has failed. */
  reject(error: unknown): void {
    if (this.isLive) {
      this.end('settled');
      this.runner.failed(this, error);
    } else if (!isA(error, Cancelled)) {
      this.trace.late(this, 'error', error);
    }
    this.leave();
  }

  /** Ends the run from outside. It is in the ledger until its handler has come to an end, too. */
  abort(reason: AbortReason): void {
    if (!this.isLive) return;
    this.end(reason);
    this.runner.aborted(this, reason);
    this.letGo();
  }

  /** Its process has ended: what it waits for never comes, and nobody hears of it. */
  vanish(): void {
    if (!this.isLive) return;
    this.trace.aborted(this, 'crashed');
    this.ended = 'crashed';
    if (this.timeoutSlot !== NO_SLOT) this.scope.disarm(this.timeoutSlot);
    this.timeoutSlot = NO_SLOT;
    this.waits?.vanish();
  }

  callOff(): void {
    this.abort('called-off');
    this.runner.calledOff(this);
  }

  failBy(error: unknown): void {
    if (!this.isLive) return;
    this.end('called-off');
    this.letGo();
    this.runner.failedForGood(this, error);
  }

  /** As a task, a run is its timeout. */
  run(): void {
    this.timeoutSlot = NO_SLOT;
    this.end('timeout');
    this.letGo();
    this.runner.failed(this, new AgentError('timeout', `no end after ${formatMs(this.runner.plan.timeout)}`));
  }

  fail(error: unknown): void {
    this.reject(error);
  }

  /** What the value makes others arm is of the run's rank at least. */
  private give(value: R): void {
    const { runner, rank } = this;
    const { present } = runner.scope;
    const { rank: outerRank, worker: outer } = present;
    present.become(rank > present.rank ? rank : present.rank, runner.place);
    try {
      runner.result.next(value);
    } finally {
      present.become(outerRank, outer);
    }
  }

  /** Ends what the handler has returned. What a teardown throws then goes where a late result goes. */
  private letGo(): void {
    try {
      this.unfollow?.();
    } catch (error) {
      this.trace.late(this, 'error', error);
    }
  }

  /** The handler has come to its end: nothing of the run is left. */
  protected leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.runner.ended(this);
  }

  private end(reason: CancelReason): void {
    const { scope, waits } = this;
    this.ended = reason;
    if (waits?.isParked !== true) scope.activity.rest();
    if (this.timeoutSlot !== NO_SLOT) scope.disarm(this.timeoutSlot);
    this.timeoutSlot = NO_SLOT;
    // A run that has ended by itself aborts nothing: to abort is what is dear about a signal.
    if (reason !== 'settled') this.controller?.abort(this.cancelled);
    waits?.cancelAll();
  }

  goesOnFailing(cause: unknown): void {
    this.runner.goesOnFailing(cause);
  }

  get entry(): Omit<RunEntry, 'kind' | 'agent' | 'stream'> {
    return {
      handler: this.runner.name,
      run: this.id,
      attempt: this.attempt,
      since: this.since.at,
      parked: this.waits?.parkings ?? [],
      isAborted: !this.isLive,
    };
  }
}
