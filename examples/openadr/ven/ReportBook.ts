import type { ReportInterval } from './protocol/report';
import type { ReportJob } from './ReportJob';

/** The reports that a VTN has asked for, by the ids of its requests, until they are delivered or cancelled. */
export class ReportBook {
  private readonly jobs: Map<string, ReportJob>;

  /**
   * @param pending those of an earlier life
   * @param onChange is told of all of them whenever there is a change
   */
  constructor(
    pending: readonly ReportJob[] = [],
    private readonly onChange: (pending: readonly ReportJob[]) => void = () => undefined,
  ) {
    this.jobs = new Map(pending.map((job) => [job.requestId, job]));
  }

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

  /** The one that a part belongs to, if it is still wanted. */
  ofPart(uid: string): ReportJob | undefined {
    return this.pending.find((job) => job.uid === uid);
  }

  /** Writes down what has been sampled for a report, and is yet to be sent. */
  gather(job: ReportJob, samples: readonly ReportInterval[]): void {
    job.samples = samples;
    this.changed();
  }

  /** Writes down when a report has begun. */
  begin(job: ReportJob, at: number): void {
    job.began ??= at;
    this.changed();
  }

  /** Writes down a report, in the place of one that was asked for under the same id. */
  enter(job: ReportJob): void {
    this.jobs.delete(job.requestId);
    this.jobs.set(job.requestId, job);
    this.changed();
  }

  /** Strikes out a report that has been delivered, or is not wanted any more. */
  strike(job: ReportJob): void {
    if (!this.has(job)) return;
    this.jobs.delete(job.requestId);
    this.changed();
  }

  private changed(): void {
    this.onChange(this.pending);
  }
}
