/* eslint-disable @typescript-eslint/no-deprecated --
   One object for the subscriber, the operator's state and its part in the ledger: agents have many of them. */
import type { Subscriber } from 'rxjs';
import { AgentError } from '../../AgentError';
import { codeOf, isA } from '../../readError';
import { LeanSubscriber } from '../../time/operators/LeanSubscriber';
import type { Present, Worker } from '../../time/present/Present';
import type { Supersedable } from '../../time/operators/TimedSubscriber';
import type { RunnerPart } from '../../trace/Ledger';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { ActiveRun, AttemptOwner } from '../run/ActiveRun';
import { CallOff } from '../run/CallOff';
import { Failures } from '../run/Failures';
import type { Handler } from './Handler';
import type { HandlerFailure } from '../run/HandlerError';
import { IntrusiveList } from './IntrusiveList';
import type { Lane, LaneOwner } from './Lane';
import { Lanes } from './Lanes';
import type { Plan } from './options';
import type { RunScope } from '../run/RunScope';
import { RunTrace } from '../run/RunTrace';
import type { TriggerKind } from './TriggerKind';
import { values } from './values';

/**
 * One subscription of a handler operator: it takes the triggers and decides by the policy which of them gets a
 * run, and when. A job is a trigger that has got one; the run of a job may be repeated.
 */
export class Runner<T, R>
  extends LeanSubscriber<T>
  implements RunnerPart, Supersedable<T>, LaneOwner<T>, AttemptOwner<T, R>
{
  readonly part = 'runner';
  readonly place: Worker;
  readonly stream: string;
  readonly handler: Handler<T, R>;
  readonly name: string;
  /** The runs that have not come to their end: one for each job, and those that were aborted and go on. */
  private readonly unended = new IntrusiveList<ActiveRun<T, R>>();
  /** How many jobs there are. */
  inFlight = 0;
  /** Whether the result has ended. */
  isOver = false;
  private readonly lanes = new Lanes<T>(this);
  private written: RunTrace | undefined;
  private failures: Failures | undefined;
  /** Whether the triggers have completed. */
  private isLast = false;

  constructor(
    readonly result: Subscriber<R>,
    readonly scope: RunScope,
    handler: Handler<T, R>,
    readonly plan: Plan<T>,
    private readonly kind: TriggerKind<T, R> = values(),
  ) {
    super(result);
    this.place = scope.enter(this);
    this.stream = this.place.stream;
    this.handler = scope.deviations?.handler(handler, scope.agent, this.stream) ?? handler;
    this.name = plan.name ?? (handler.name === '' ? this.stream : handler.name);
    // What a handler of its name left behind, in a former life or in this one, ends with a success of this one.
    if (scope.wasFailing(this)) this.failures = new Failures(this, true);
  }

  get present(): Present {
    return this.scope.present;
  }

  get trace(): RunTrace {
    return (this.written ??= new RunTrace(this.scope, this.place, this.plan.policy));
  }

  // Triggers.

  protected override _next(trigger: T): void {
    this.take(trigger, false);
  }

  /** Takes a trigger that has been taken once, in an earlier life: however many there are, none is too many. */
  readmit(trigger: T): void {
    this.take(trigger, true);
  }

  private take(trigger: T, isReadmitted: boolean): void {
    this.kind.taken(trigger);
    let lane: Lane<T>;
    try {
      lane = this.lanes.of(trigger);
    } catch (error) {
      this.leaveOut(trigger, 'key', error);
      return;
    }
    lane.take(trigger, isReadmitted);
    this.look(lane);
  }

  /** The timer right before a switch has a new trigger: the runs that an earlier one led to are not waited for. */
  supersede(): void {
    if (this.plan.policy === 'switch') this.lanes.abortLatest('switched');
  }

  /** The same, where that trigger itself is what will come. */
  supersedeBy(trigger: T): void {
    if (this.plan.policy === 'switch') this.lanes.abortLatestOf(trigger, 'switched');
  }

  /** The source is let go of at once; the result may still be unsubscribed before its last run has ended. */
  protected override _complete(): void {
    super.unsubscribe();
    this.isLast = true;
    this.completeIfDone();
    if (this.isOver) return;
    this.result.add(() => {
      this.unsubscribe();
    });
  }

  begin(trigger: T, lane: Lane<T>): boolean {
    const { until } = this.plan;
    const callOff = until && new CallOff().watch(() => until(trigger));
    if (callOff?.failure !== undefined) this.leaveOut(trigger, 'called-off', callOff.failure.error);
    else if (callOff?.isOff === true) this.dropped(trigger, 'called-off');
    else {
      this.inFlight++;
      this.open(trigger, 1, lane, callOff).begin();
      return true;
    }
    return false;
  }

  private open(trigger: T, attempt: number, lane: Lane<T>, callOff: CallOff | undefined): ActiveRun<T, R> {
    const run = this.kind.open(this, trigger, attempt, lane);
    this.unended.add(run);
    lane.latest = run;
    if (callOff !== undefined) {
      run.calledOffBy = callOff;
      callOff.run = run;
    }
    return run;
  }

  overflowed(trigger: T): void {
    this.report('overflow', trigger, 0, new AgentError('overflow', `${this.plan.buffer} wait already`));
  }

  /** A trigger gets no run, since something about it has failed. */
  leaveOut(trigger: T, reason: DropReason, cause: unknown, attempt = 0): void {
    this.dropped(trigger, reason, cause);
    this.report('handler-failed', trigger, attempt, cause);
  }

  private jobDone({ lane, calledOffBy }: ActiveRun<T, R>): void {
    this.inFlight--;
    calledOffBy?.end();
    lane.jobDone();
    this.look(lane);
  }

  /** Looks whether a lane is at rest, and with it all. */
  private look(lane: Lane<T>): void {
    this.lanes.look(lane);
    this.completeIfDone();
  }

  private completeIfDone(): void {
    if (!this.isLast || this.isOver || this.inFlight > 0 || !this.lanes.areAtRest) return;
    this.result.complete();
    this.unsubscribe();
  }

  /** A trigger gets no run. @param cause what has failed, if something has */
  dropped(trigger: T, reason: DropReason, cause?: unknown): void {
    this.kind.dropped(trigger, reason, cause);
    this.trace.dropped(this.kind.shown(trigger), reason);
  }

  /** Whoever has sent a trigger wants it no more: its run is aborted, the one that is still to be retried, too. */
  callOff(trigger: T): void {
    for (const run of this.unended.toArray()) if (run.trigger === trigger) run.abort('called-off');
    this.lanes.pump();
    this.completeIfDone();
  }

  // What the runs tell.

  settled(run: ActiveRun<T, R>): void {
    this.kind.settled(run.trigger);
    this.trace.settled(run);
    this.failures?.end();
    this.jobDone(run);
  }

  failed(run: ActiveRun<T, R>, error: unknown): void {
    const { retry } = this.plan;
    const { attempt } = run;
    let cause = error;
    let pause: number | undefined;
    try {
      if (!this.isOver) pause = retry.pauseAfter(attempt, error, this.scope.random);
    } catch (thrown) {
      cause = thrown;
    }
    if (pause === undefined) {
      this.failedForGood(run, cause);
      return;
    }
    this.trace.failed(run, cause, true);
    if (attempt >= retry.unhealthyAfter) this.goesOnFailing(cause);
    const { rank, trigger, lane, calledOffBy } = run;
    const wait = pause;
    // The next attempt lasts as its trigger does, and not as the promise that has failed.
    this.present.ranked(rank, () => {
      this.open(trigger, attempt + 1, lane, calledOffBy).beginAfter(wait);
    });
  }

  failedForGood(run: ActiveRun<T, R>, cause: unknown): void {
    const { trigger } = run;
    const isTimeout = isA(cause, AgentError) && codeOf(cause) === 'timeout';
    const code = isTimeout ? 'timeout' : 'handler-failed';
    this.kind.failed(trigger, code, cause);
    this.trace.failed(run, cause, false);
    this.report(code, trigger, run.attempt, cause);
    this.jobDone(run);
  }

  aborted(run: ActiveRun<T, R>, reason: AbortReason): void {
    const { lane, calledOffBy } = run;
    this.kind.aborted(run.trigger, reason);
    this.trace.aborted(run, reason);
    calledOffBy?.end();
    this.inFlight--;
    lane.inFlight--;
    this.lanes.look(lane);
  }

  /** A job has been called off by its `until`. */
  calledOff({ lane }: ActiveRun<T, R>): void {
    lane.pump();
    this.look(lane);
  }

  /** The handler of a run has come to its end, in whatever way. */
  ended(run: ActiveRun<T, R>): void {
    this.unended.remove(run);
    if (run.lane.latest === run) run.lane.latest = undefined;
    if (this.isOver && this.unended.size === 0) this.scope.leave(this);
    this.scope.runEnded();
  }

  /** Attempts are repeated, and have been for so long that something must be wrong. */
  goesOnFailing(cause: unknown): void {
    this.failures ??= new Failures(this);
    this.failures.goOn(cause);
  }

  private report(code: HandlerFailure['code'], trigger: T, attempt: number, cause: unknown): void {
    this.failures ??= new Failures(this);
    this.failures.tell({ code, trigger: this.kind.shown(trigger), attempt, cause });
  }

  // The end.

  get hasCompleted(): boolean {
    return this.isLast;
  }

  get unfinished(): number {
    return this.unended.size;
  }

  *runs(): ReturnType<RunnerPart['runs']> {
    for (const run of this.unended.toArray()) yield run.entry;
  }

  halt(): void {
    this.lanes.drop('stopped');
    if (!this.plan.drains) this.abort('stopped');
  }

  vanish(): void {
    for (const run of this.unended.toArray()) run.vanish();
  }

  abort(reason: AbortReason): void {
    for (const run of this.unended.toArray()) run.abort(reason);
  }

  override unsubscribe(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.kind.closed();
    try {
      super.unsubscribe();
    } finally {
      this.lanes.drop('unsubscribed');
      this.abort('unsubscribed');
      if (this.unended.size === 0) this.scope.leave(this);
    }
  }
}
