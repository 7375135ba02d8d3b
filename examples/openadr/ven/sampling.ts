import { filter, merge, type Observable, share, Subject, takeUntil } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { marksOf } from './marks';
import { LONGEST_MEASUREMENT, type Measure, takeSample } from './measuring';
import type { OadrReport } from './protocol/report';
import type { ReportJob } from './ReportJob';
import { reportOf } from './reports';
import { recalled } from './recording';
import type { Faults } from './sensing';
import type { VenClient } from './VenClient';

/** A report that is due. */
export interface Batch {
  readonly job: ReportJob;
  /** Undefined if nothing could be measured, or if it is the offer that is to be told again. */
  readonly report: OadrReport | undefined;
  /** Nothing follows it. */
  readonly isLast: boolean;
}

/** The end of a report before its time. */
export interface Ending {
  readonly job: ReportJob;
  /** Whether what has been sampled by then is still wanted. */
  readonly isReportToFollow: boolean;
}

export interface Sampling {
  readonly batches$: Observable<Batch>;
  readonly faults$: Observable<Faults>;
}

/**
 * Samples reports, each in its own rhythm, and gathers the samples into batches. Another client ends them all.
 * ```
 * job       j-------------------
 * samples   ---s--s--s--s--s--s-    granularity 3
 * batches   ---------b--------b-    reportBack 9
 * ```
 */
export function sampling(
  { time, handle }: AgentContext<VenConfig>,
  job$: Observable<ReportJob>,
  endings$: Observable<Ending>,
  client$: Observable<VenClient | undefined>,
  measure: Measure,
): Sampling {
  const faults$ = new Subject<Faults>();

  const batches$ = job$.pipe(
    handle.merge(async function* sampling(job, run): AsyncGenerator<Batch> {
      const { client, points, rhythm, start = -Infinity } = job;
      const deadline = Math.min(LONGEST_MEASUREMENT, rhythm.granularity || Infinity);
      const { reports } = client;
      reports.begin(job, client.wallNow());
      let recalledUpTo = -Infinity;

      const take = async (): Promise<void> => {
        if (job.offer === undefined) return;
        const at = client.wallNow();
        if (job.kept !== undefined) {
          reports.gather(job, [...job.samples, ...recalled(job, recalledUpTo, at)]);
          recalledUpTo = at;
          return;
        }
        const { interval, faults } = await takeSample(points, measure, { at, deadline }, run);
        faults$.next({ source: job, faults });
        if (interval !== undefined) reports.gather(job, [...job.samples, interval]);
      };
      const gathered = (isLast: boolean): Batch => {
        const report = job.samples.length === 0 ? undefined : reportOf(job, job.samples);
        reports.gather(job, []);
        return { job, report, isLast };
      };
      const ending$ = endings$.pipe(filter((ending) => ending.job === job));
      const marks$ = merge(marksOf(job, time), ending$).pipe(takeUntil(client$));
      try {
        for await (const next of run.each(marks$, 'granularity')) {
          if ('isReportToFollow' in next) {
            if (!next.isReportToFollow) return;
            // The VTN waits for one more report: of now, if there is nothing else.
            if (job.samples.length === 0 && client.wallNow() >= start) await take();
            yield gathered(true);
            return;
          }
          if (next.isSample) await take();
          if (next.isReport) yield gathered(next.isLast);
          if (next.isLast) return;
        }
      } finally {
        faults$.next({ source: job, faults: [] });
      }
    }),
    share(),
  );
  return { batches$, faults$ };
}
