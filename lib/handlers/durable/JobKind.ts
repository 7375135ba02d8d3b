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
  constructor(private readonly jobs: Jobs<T>) {}

  shown({ trigger }: Job<T>): unknown {
    return trigger;
  }

  open(owner: AttemptOwner<Job<T>, R>, job: Job<T>, attempt: number, lane: Lane<Job<T>>): DurableRun<T, R> {
    return new DurableRun<T, R>(owner, this.jobs, job, attempt > 1, lane);
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

  dropped(job: Job<T>, reason: DropReason): void {
    if (reason !== 'stopped' && reason !== 'unsubscribed') this.jobs.end(job);
  }

  aborted(job: Job<T>, reason: AbortReason): void {
    if (reason === 'switched' || reason === 'called-off') this.jobs.end(job);
  }

  closed(): void {
    this.jobs.release();
  }
}
