import { type Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { EarlyTriggers } from '../../store/EarlyTriggers';
import { liftedOperator } from '../../time/operators/liftedOperator';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { Handler } from '../policies/Handler';
import type { Lane } from '../policies/Lane';
import type { Plan } from '../policies/options';
import { Runner } from '../policies/Runner';
import type { ActiveRun } from '../run/ActiveRun';
import type { RunScope } from '../run/RunScope';
import { DurableRun } from './DurableRun';
import type { Job } from './Job';
import { Jobs } from './Jobs';

/** A runner whose triggers are jobs: kept until their runs have settled for good, and run again in the next life. */
export class DurableRunner<T, R> extends Runner<Job<T>, R> {
  /** What came before the jobs of earlier lives were there, and whether the triggers have completed by then. */
  private readonly early: EarlyTriggers<T>;
  private hasCompletedEarly = false;
  private isRestoring = false;
  private readonly buffer: number;

  constructor(
    result: Subscriber<R>,
    scope: RunScope,
    handler: Handler<T, R>,
    plan: Plan<T>,
    private readonly jobs: Jobs<T>,
  ) {
    super(
      result,
      scope,
      named(handler, ({ trigger }, run) => handler(trigger, run)),
      ofJobs(plan),
    );
    this.buffer = plan.buffer;
    this.early = new EarlyTriggers(jobs.durables, jobs.store);
    jobs.durables.whenRestored(() => {
      this.restore();
    });
  }

  protected override _next(given: Job<T> | T): void {
    const trigger = given as T;
    if (this.early.areOver) this.offer(trigger, this.jobs.durables.isBeginning);
    else this.early.push(trigger);
  }

  protected override _complete(): void {
    if (this.early.areOver) super._complete();
    else this.hasCompletedEarly = true;
  }

  override supersedeBy(given: Job<T>): void {
    super.supersedeBy(asJob(given as unknown as T));
  }

  protected override createRun(job: Job<T>, attempt: number, lane: Lane<Job<T>>): ActiveRun<Job<T>, R> {
    return new DurableRun<T, R>(this, this.jobs, job, attempt > 1, lane);
  }

  /** What is left out is forgotten; what waits when its agent stops is not. */
  override dropped(job: Job<T>, reason: DropReason): void {
    if (reason !== 'stopped' && reason !== 'unsubscribed' && !this.isRestoring) this.jobs.end(job);
    super.dropped(job, reason);
  }

  override settled(run: ActiveRun<Job<T>, R>): void {
    this.jobs.end(run.trigger);
    super.settled(run);
  }

  override failedForGood(run: ActiveRun<Job<T>, R>, cause: unknown): void {
    this.jobs.bury(run.trigger, cause);
    super.failedForGood(run, cause);
  }

  override aborted(run: ActiveRun<Job<T>, R>, reason: AbortReason): void {
    if (reason === 'switched' || reason === 'called-off') this.jobs.end(run.trigger);
    super.aborted(run, reason);
  }

  override unsubscribe(): void {
    if (!this.isOver) this.jobs.release();
    this.early.taken();
    super.unsubscribe();
  }

  protected override given(job: Job<T>): unknown {
    return job.trigger;
  }

  private restore(): void {
    const early = this.early.end();
    if (this.isOver) return;
    // However many there are, none of them is too many.
    const plan = this.plan as { buffer: number };
    plan.buffer = Infinity;
    this.isRestoring = true;
    for (const job of this.jobs.restored()) super._next(job);
    this.isRestoring = false;
    plan.buffer = this.buffer;
    for (const { trigger, isRepeatable } of early) this.offer(trigger, isRepeatable);
    this.early.taken();
    if (this.hasCompletedEarly) super._complete();
  }

  private offer(trigger: T, isRepeatable: boolean): void {
    if (isRepeatable && this.jobs.isRepeatedStart()) {
      super.dropped(asJob(trigger), 'repeated-start');
      return;
    }
    if (this.jobs.isStuck(this.buffer)) {
      super.dropped(asJob(trigger), 'overflow');
      this.overflowed(asJob(trigger));
      return;
    }
    let job: Job<T>;
    try {
      job = this.jobs.take(trigger);
    } catch (error) {
      super.dropped(asJob(trigger), 'cannot-keep');
      this.report('handler-failed', asJob(trigger), 0, error);
      return;
    }
    super._next(job);
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
    const runner = new DurableRunner(result, scope, handler, plan, jobs);
    return source.subscribe(runner as unknown as Subscriber<T>);
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

function named<T, R>(handler: Handler<T, R>, other: Handler<Job<T>, R>): Handler<Job<T>, R> {
  return Object.defineProperty(other, 'name', { value: handler.name });
}

/** A trigger that is no job, for reports. */
function asJob<T>(trigger: T): Job<T> {
  return { id: '', trigger, kept: null, attempts: 0, batch: 0, steps: undefined };
}
