import type { ReportJob } from './ReportJob';

/** The reports that a VTN has asked for, by the ids of its requests, until they are delivered or cancelled. */
export class ReportBook {
  private readonly jobs = new Map<string, ReportJob>();

  /** Those that are still pending, in the order in which they were asked for. */
  get pending(): readonly ReportJob[] {
    return [...this.jobs.values()];
  }

  get pendingIds(): readonly string[] {
    return [...this.jobs.keys()];
  }

  /** Whether a report is still wanted, and not another one under the same id. */
  has(job: ReportJob): boolean {
    return this.jobs.get(job.requestId) === job;
  }

  find(requestId: string): ReportJob | undefined {
    return this.jobs.get(requestId);
  }

  /** Writes down a report, in the place of one that was asked for under the same id. */
  enter(job: ReportJob): void {
    this.jobs.delete(job.requestId);
    this.jobs.set(job.requestId, job);
  }

  /** Strikes out a report that has been delivered, or is not wanted any more. */
  strike(job: ReportJob): void {
    if (this.has(job)) this.jobs.delete(job.requestId);
  }
}
