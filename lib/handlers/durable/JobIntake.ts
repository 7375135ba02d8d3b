/* eslint-disable @typescript-eslint/no-deprecated --
   RxJS 7's own operators are made like this: one object is the subscriber, too. */
import { type Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { EarlyTriggers } from '../../store/EarlyTriggers';
import { crashedTooOften } from '../../store/storeErrors';
import { LeanSubscriber } from '../../time/operators/LeanSubscriber';
import { liftedOperator } from '../../time/operators/liftedOperator';
import type { Supersedable } from '../../time/operators/TimedSubscriber';
import type { Handler } from '../policies/Handler';
import { holdOf } from '../policies/Hold';
import type { Plan } from '../policies/options';
import { Runner } from '../policies/Runner';
import type { RunScope } from '../run/RunScope';
import type { Job } from './Job';
import { JobKind } from './JobKind';
import { Jobs } from './Jobs';

/** Makes a job of each trigger before a runner gets it, and hands it those of earlier lives first. */
class JobIntake<T, R> extends LeanSubscriber<T> implements Supersedable<T> {
  /** What came before the jobs of earlier lives were there, and whether the triggers have completed by then. */
  private readonly early: EarlyTriggers<T>;
  private hasCompletedEarly = false;

  constructor(
    private readonly runner: Runner<Job<T>, R>,
    private readonly plan: Plan<Job<T>>,
    private readonly jobs: Jobs<T>,
    private readonly kind: JobKind<T, R>,
  ) {
    super(runner);
    this.early = new EarlyTriggers(jobs.durables, jobs.store);
    jobs.durables.whenRestored(() => {
      this.restore();
    });
  }

  supersede(): void {
    this.runner.supersede();
  }

  supersedeBy(trigger: T): void {
    this.runner.supersedeBy(noJob(trigger));
  }

  protected override _next(trigger: T): void {
    if (this.early.areOver) this.offer(trigger, this.jobs.durables.isBeginning);
    else this.early.push(trigger);
  }

  protected override _complete(): void {
    if (this.early.areOver) super._complete();
    else this.hasCompletedEarly = true;
  }

  override unsubscribe(): void {
    this.early.taken();
    super.unsubscribe();
  }

  private restore(): void {
    const early = this.early.end();
    if (this.runner.isOver) return;
    this.kind.isRestoring = true;
    for (const job of this.jobs.restored())
      if (job.crashes < this.plan.maxCrashes) this.runner.readmit(job);
      else this.giveUp(job);
    this.kind.isRestoring = false;
    for (const { trigger, isRepeatable } of early) this.offer(trigger, isRepeatable);
    this.early.taken();
    if (this.hasCompletedEarly) super._complete();
  }

  /** A job with which one life after the other has ended. */
  private giveUp(job: Job<T>): void {
    const { runner, jobs } = this;
    const error = crashedTooOften(`${runner.scope.agent}.${runner.stream}`, jobs.name, job.crashes);
    jobs.bury(job, error);
    runner.leaveOut(job, 'crashed', error, job.attempts);
  }

  private offer(trigger: T, isRepeatable: boolean): void {
    const hold = holdOf(trigger);
    hold?.taken();
    const refusal = this.take(trigger, isRepeatable);
    if (refusal === undefined) hold?.done();
    else hold?.failed(refusal.cause);
  }

  /** Makes a job of a trigger. Gives what has failed, if something has. */
  private take(trigger: T, isRepeatable: boolean): { readonly cause: unknown } | undefined {
    const { runner, jobs, kind } = this;
    const none = noJob(trigger);
    if (isRepeatable && jobs.isRepeatedStart()) {
      runner.dropped(none, 'repeated-start');
      return undefined;
    }
    if (jobs.isStuck(this.plan.buffer)) {
      runner.dropped(none, 'overflow');
      runner.overflowed(none);
      return kind.refusalOf(none);
    }
    let job: Job<T>;
    try {
      job = jobs.take(trigger);
    } catch (cause) {
      runner.leaveOut(none, 'cannot-keep', cause);
      return { cause };
    }
    // A stop would wait for its run: the next life has it.
    if (jobs.durables.isStopping) runner.dropped(job, 'stopped');
    else runner.next(job);
    return kind.refusalOf(job);
  }
}

/**
 * A handler operator whose jobs outlive the process.
 *
 * @throws AgentError `no-store`, where it is written
 */
export function durably<T, R>(
  scope: RunScope,
  handler: Handler<T, R>,
  plan: Plan<T>,
  name: string,
): OperatorFunction<T, R> {
  const { durables } = scope;
  if (durables === undefined) throw new Error('an agent has durable parts; what is alone has none');
  durables.demand(`'${name}'`);
  return liftedOperator((result: Subscriber<R>, source: Observable<T>) => {
    const jobs = new Jobs<T>(durables, name, plan.schema);
    const jobPlan = ofJobs(plan);
    const kind = new JobKind<T, R>(jobs);
    const runner = new Runner(result, scope, ofJob(handler), jobPlan, kind);
    return source.subscribe(new JobIntake(runner, jobPlan, jobs, kind));
  });
}

function ofJobs<T>(plan: Plan<T>): Plan<Job<T>> {
  const { key, until } = plan;
  return {
    ...plan,
    key: key && (({ trigger }) => key(trigger)),
    until: until && (({ trigger }) => until(trigger)),
  };
}

function ofJob<T, R>(handler: Handler<T, R>): Handler<Job<T>, R> {
  const other: Handler<Job<T>, R> = ({ trigger }, run) => handler(trigger, run);
  return Object.defineProperty(other, 'name', { value: handler.name });
}

/** A trigger that is no job, or not yet one: nothing is kept of it. */
function noJob<T>(trigger: T): Job<T> {
  return { id: '', trigger, kept: null, attempts: 0, crashes: 0, batch: 0, steps: undefined };
}
