import { AgentError } from '../../AgentError';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { Lane } from '../policies/Lane';
import type { TriggerKind } from '../policies/TriggerKind';
import type { AttemptOwner } from '../run/ActiveRun';
import type { HandlerFailure } from '../run/HandlerError';
import { DurableRun } from './DurableRun';
import type { Job } from './Job';
import type { Jobs } from './Jobs';

/** Jobs: a trigger is kept until its run has settled for good, and what ends with its agent is run again in the next life. */
export class JobKind<T, R> implements TriggerKind<Job<T>, R> {
  /** Whether the jobs of earlier lives come back now. */
  isRestoring = false;
  /** The last job that was left out since something has failed. */
  private refused: { readonly job: Job<T>; readonly cause: unknown } | undefined;

  constructor(private readonly jobs: Jobs<T>) {}

  /** Gives why a job was left out, if that was a failure. */
  refusalOf(job: Job<T>): { readonly cause: unknown } | undefined {
    const { refused } = this;
    this.refused = undefined;
    return refused?.job === job ? refused : undefined;
  }

  shown({ trigger }: Job<T>): unknown {
    return trigger;
  }

  open(owner: AttemptOwner<Job<T>, R>, job: Job<T>, attempt: number, lane: Lane<Job<T>>): DurableRun<T, R> {
    return new DurableRun<T, R>(owner, this.jobs, job, attempt > 1, this.isRestoring, lane);
  }

  taken(): void {
    // It has been kept before.
  }

  settled(job: Job<T>): void {
    this.jobs.end(job);
  }

  failed(job: Job<T>, _code: HandlerFailure['code'], cause: unknown): void {
    this.jobs.bury(job, cause);
  }

  dropped(job: Job<T>, reason: DropReason, cause?: unknown): void {
    if (reason === 'overflow')
      this.refused = { job, cause: new AgentError(reason, 'no room is left for it') };
    else if (cause !== undefined) this.refused = { job, cause };
    if (reason !== 'stopped' && reason !== 'unsubscribed') this.jobs.end(job);
  }

  aborted(job: Job<T>, reason: AbortReason): void {
    if (reason === 'switched' || reason === 'called-off') this.jobs.end(job);
    else this.jobs.spare(job, job.crashes - 1);
  }

  closed(): void {
    this.jobs.release();
  }
}
