/* eslint-disable @typescript-eslint/no-deprecated --
   One object for the subscriber, the operator's state and its part in the ledger: agents have many of them. */
import type { Subscriber } from 'rxjs';
import { AgentError } from '../AgentError';
import { codeOf, isA, messageOf } from '../readError';
import { LeanSubscriber } from '../time/LeanSubscriber';
import type { Worker } from '../time/Present';
import type { Supersedable } from '../time/TimerSubscriber';
import type { RunnerPart } from '../trace/Ledger';
import type { AbortReason, DropReason } from '../trace/TraceEvent';
import { ActiveRun } from './ActiveRun';
import type { Handler } from './Handler';
import { HandlerError, type HandlerFailure } from './HandlerError';
import { IntrusiveList } from './IntrusiveList';
import type { Plan } from './options';
import type { RunScope } from './RunScope';
import { RunTrace } from './RunTrace';
import { TriggerQueue } from './TriggerQueue';

/**
 * One subscription of a handler operator: it takes the triggers and decides by the policy which of them gets a
 * run, and when. A job is a trigger that has got one; the run of a job may be repeated.
 */
export class Runner<T, R> extends LeanSubscriber<T> implements RunnerPart, Supersedable {
  readonly part = 'runner';
  readonly place: Worker;
  readonly stream: string;
  readonly name: string;
  /** The runs that have not come to their end: one for each job, and those that were aborted and go on. */
  protected readonly unended = new IntrusiveList<ActiveRun<T, R>>();
  /** How many jobs there are. */
  inFlight = 0;
  /** The run of the latest job: the one that a switch aborts. */
  private latest: ActiveRun<T, R> | undefined;
  /** The number of the latest trigger, under switch. */
  private epoch = 0;
  private queue: TriggerQueue<T> | undefined;
  private written: RunTrace | undefined;
  private isPumping = false;
  private isFailing = false;
  /** Whether the triggers have completed, and whether the result has ended, too. */
  private isLast = false;
  private isOver = false;

  constructor(
    readonly result: Subscriber<R>,
    readonly scope: RunScope,
    readonly handler: Handler<T, R>,
    readonly plan: Plan,
  ) {
    super(result);
    this.place = scope.enter(this);
    this.stream = this.place.stream;
    this.name = plan.name ?? (handler.name === '' ? this.stream : handler.name);
    this.isFailing = scope.wasFailing(this);
  }

  get trace(): RunTrace {
    return (this.written ??= new RunTrace(this.scope, this.place, this.plan.policy));
  }

  // Triggers.

  protected override _next(trigger: T): void {
    const { policy, concurrency } = this.plan;
    if (policy === 'switch') this.switchTo(trigger);
    else if (this.inFlight < concurrency) this.start(trigger);
    else if (policy === 'exhaust') this.trace.dropped(trigger, 'exhaust');
    else this.enqueue(trigger);
  }

  /** The timer right before a switch has a new trigger: the run that an earlier one led to is not waited for. */
  supersede(): void {
    if (this.plan.policy === 'switch') this.latest?.abort('switched');
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

  /** Whoever hears of the abort may trigger again at once, or unsubscribe. Then this trigger has been superseded. */
  private switchTo(trigger: T): void {
    const epoch = ++this.epoch;
    this.latest?.abort('switched');
    if (epoch === this.epoch && !this.isOver) this.start(trigger);
    else this.trace.dropped(trigger, 'switch');
  }

  private start(trigger: T): void {
    this.inFlight++;
    this.open(trigger, 1).begin();
  }

  private open(trigger: T, attempt: number): ActiveRun<T, R> {
    const run = this.createRun(trigger, attempt);
    this.unended.add(run);
    this.latest = run;
    return run;
  }

  protected createRun(trigger: T, attempt: number): ActiveRun<T, R> {
    return new ActiveRun<T, R>(this, trigger, attempt);
  }

  private enqueue(trigger: T): void {
    const { plan } = this;
    this.queue ??= new TriggerQueue<T>(plan, this);
    if (this.queue.offer(trigger) || plan.overflow !== 'fail') return;
    this.report('overflow', trigger, 0, new AgentError('overflow', `${plan.buffer} wait already`));
  }

  /** Starts what waits, as far as there is room. A run that ends at once must not start the next one from within. */
  protected pump(): void {
    const { queue } = this;
    if (queue === undefined || this.isPumping) return;
    this.isPumping = true;
    while (queue.size > 0 && this.inFlight < this.plan.concurrency)
      queue.handTo((trigger) => this.start(trigger));
    this.isPumping = false;
  }

  private jobDone(): void {
    this.inFlight--;
    this.pump();
    this.completeIfDone();
  }

  protected completeIfDone(): void {
    if (!this.isLast || this.isOver || this.inFlight > 0 || (this.queue?.size ?? 0) > 0) return;
    this.result.complete();
    this.unsubscribe();
  }

  /** A trigger gets no run. */
  dropped(trigger: T, reason: DropReason): void {
    this.trace.dropped(this.given(trigger), reason);
  }

  // What the runs tell.

  settled(run: ActiveRun<T, R>): void {
    this.trace.settled(run);
    if (this.isFailing) {
      this.isFailing = false;
      this.scope.recovered(this);
    }
    this.jobDone();
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
    this.trace.failed(run, cause, pause !== undefined);
    if (pause !== undefined) {
      if (attempt >= retry.unhealthyAfter) this.struggle(cause);
      this.open(run.trigger, attempt + 1).beginAfter(pause);
      return;
    }
    const isTimeout = isA(cause, AgentError) && codeOf(cause) === 'timeout';
    this.report(isTimeout ? 'timeout' : 'handler-failed', run.trigger, attempt, cause);
    this.jobDone();
  }

  aborted(run: ActiveRun<T, R>, reason: AbortReason): void {
    this.trace.aborted(run, reason);
    this.inFlight--;
  }

  /** The handler of a run has come to its end, in whatever way. */
  ended(run: ActiveRun<T, R>): void {
    this.unended.remove(run);
    if (this.latest === run) this.latest = undefined;
    if (this.isOver && this.unended.size === 0) this.scope.leave(this);
    this.scope.runEnded();
  }

  /** It is tried again, and has been for so long that something must be wrong. */
  private struggle(cause: unknown): void {
    const { name, stream, scope } = this;
    this.isFailing = true;
    const where = `${scope.agent}.${stream}`;
    scope.struggles(this, `${where}: ${name} goes on failing, and is tried again: ${messageOf(cause)}`);
  }

  protected report(code: HandlerFailure['code'], trigger: T, attempt: number, cause: unknown): void {
    const { name: handler, stream, plan, scope } = this;
    this.isFailing = true;
    const given = this.given(trigger);
    const error = new HandlerError({
      code,
      agent: scope.agent,
      stream,
      handler,
      trigger: given,
      attempt,
      cause,
    });
    scope.failed(this, error, plan.onError);
  }

  /** What the handler sees of a trigger. */
  protected given(trigger: T): unknown {
    return trigger;
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
    this.queue?.drop('stopped');
    if (!this.plan.drains) this.abort('stopped');
  }

  abort(reason: AbortReason): void {
    for (const run of this.unended.toArray()) run.abort(reason);
  }

  override unsubscribe(): void {
    if (this.isOver) return;
    this.isOver = true;
    try {
      super.unsubscribe();
    } finally {
      this.queue?.drop('unsubscribed');
      this.abort('unsubscribed');
      if (this.unended.size === 0) this.scope.leave(this);
    }
  }
}
