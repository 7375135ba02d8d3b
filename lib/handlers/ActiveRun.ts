import { AgentError } from '../AgentError';
import { formatMs } from '../time/duration';
import type { Rank } from '../time/rank';
import { NO_SLOT } from '../time/TimerQueue';
import type { Task } from '../time/Timers';
import type { RunEntry } from '../trace/Ledger';
import { type Log, withFields } from '../trace/Log';
import type { AbortReason } from '../trace/TraceEvent';
import { Cancelled, type CancelReason } from './Cancelled';
import { follow } from './follow';
import type { Linked } from './IntrusiveList';
import type { Run } from './Run';
import type { RunScope } from './RunScope';
import type { RunTrace } from './RunTrace';
import type { Runner } from './Runner';
import type { SignalLease } from './SignalLease';
import { Waits, type WaitingRun } from './Waits';

/** One attempt at one trigger: what its handler is given, and what the operator knows of it. */
export class ActiveRun<T = unknown, R = unknown> implements Run, Task, WaitingRun, Linked<ActiveRun<T, R>> {
  before: ActiveRun<T, R> | undefined;
  behind: ActiveRun<T, R> | undefined;
  readonly id: number;
  readonly rank: Rank;
  private since: number;
  private waits: Waits | undefined;
  private lease: SignalLease | undefined;
  private timeoutSlot = NO_SLOT;
  private unfollow: (() => void) | undefined;
  /** Why the run is over; undefined while it is not. */
  private ended: CancelReason | undefined;
  private hasLeft = false;

  constructor(
    private readonly runner: Runner<T, R>,
    readonly trigger: T,
    readonly attempt: number,
  ) {
    const { scope } = runner;
    this.id = scope.nextRun();
    this.rank = scope.rank;
    this.since = scope.now();
    scope.activity.wake();
  }

  get scope(): RunScope {
    return this.runner.scope;
  }

  get trace(): RunTrace {
    return this.runner.trace;
  }

  get isLive(): boolean {
    return this.ended === undefined;
  }

  /** What the run's functions reject with once it is over. */
  get cancelled(): Cancelled {
    return Cancelled.because[this.ended ?? 'settled'];
  }

  // What the handler is given. Each function is made when it is asked for, so that it can be taken off the run.

  get signal(): AbortSignal {
    if (this.lease === undefined) {
      this.lease = this.runner.lendSignal();
      if (this.ended !== undefined) this.lease.abort(this.cancelled);
    }
    return this.lease.signal;
  }

  get log(): Log {
    return withFields(this.scope.log, { agent: this.scope.agent, stream: this.runner.stream, run: this.id });
  }

  get now(): Run['now'] {
    return () => this.scope.now();
  }

  get sleep(): Run['sleep'] {
    return (span) => this.waiting.sleep(span);
  }

  get each(): Run['each'] {
    return (source$, what = 'a source') => this.waiting.each(source$, what);
  }

  get next(): Run['next'] {
    return (source$, what = 'a source') => this.waiting.next(source$, what);
  }

  get external(): Run['external'] {
    return (promise, what = 'a promise') => this.waiting.external(promise, what);
  }

  private get waiting(): Waits {
    return (this.waits ??= new Waits(this));
  }

  // Its life.

  begin(): void {
    const { runner, scope } = this;
    this.trace.started(this);
    if (runner.plan.timeout !== Infinity) {
      this.timeoutSlot = scope.arm(scope.now() + runner.plan.timeout, this, this.rank);
    }
    const rank = scope.rank;
    scope.rank = this.rank;
    try {
      this.unfollow = follow(this, runner.handler(this.trigger, this));
    } catch (error) {
      this.reject(error);
    }
    scope.rank = rank;
    if (!this.isLive) this.unfollow?.();
  }

  /** Begins after a pause, in which the ledger shows the run as parked. */
  beginAfter(pause: number): void {
    this.waiting.pause(
      pause,
      () => {
        this.since = this.scope.now();
        this.begin();
      },
      () => {
        this.leave();
      },
    );
  }

  /** The handler has given a value. */
  emit(value: R): void {
    if (this.isLive) this.runner.emit(this, value);
    else this.trace.late(this, 'value', value);
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
    } else if (!(error instanceof Cancelled)) {
      this.trace.late(this, 'error', error);
    }
    this.leave();
  }

  /** Ends the run from outside. It is in the ledger until its handler has come to an end, too. */
  abort(reason: AbortReason): void {
    if (!this.isLive) return;
    this.end(reason);
    this.runner.aborted(this, reason);
    this.unfollow?.();
  }

  /** As a task, a run is its timeout. */
  run(): void {
    this.timeoutSlot = NO_SLOT;
    this.end('timeout');
    this.runner.failed(this, new AgentError('timeout', `no end after ${formatMs(this.runner.plan.timeout)}`));
    this.unfollow?.();
  }

  fail(error: unknown): void {
    this.reject(error);
  }

  /** The handler has come to its end: nothing of the run is left. */
  private leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.runner.ended(this);
  }

  private end(reason: CancelReason): void {
    const { scope, lease, waits } = this;
    this.ended = reason;
    if (waits?.isParked !== true) scope.activity.rest();
    if (this.timeoutSlot !== NO_SLOT) scope.disarm(this.timeoutSlot);
    this.timeoutSlot = NO_SLOT;
    if (lease !== undefined) {
      if (reason !== 'settled') lease.abort(this.cancelled);
      else if (lease.isClean) this.runner.takeBackSignal(lease);
    }
    waits?.cancelAll();
  }

  get entry(): Omit<RunEntry, 'kind' | 'agent' | 'stream'> {
    return {
      handler: this.runner.name,
      run: this.id,
      attempt: this.attempt,
      since: this.since,
      parked: this.waits?.parkings ?? [],
      isAborted: !this.isLive,
    };
  }
}
