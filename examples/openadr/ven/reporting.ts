import { filter, merge, type Observable, of, share, Subject, takeUntil } from 'rxjs';
import type { AgentContext, HandlerOptions } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { OadrReport, ReportInterval } from './protocol/report';
import {
  accepted,
  jobsOf,
  type Measure,
  offered,
  type ReportJob,
  reportOf,
  sample,
  sendReport,
} from './reports';
import type { Session } from './VenClient';
import { VtnError } from './Vtn';

/** For as long as it takes. */
const TENACIOUS: HandlerOptions = {
  retry: { count: Infinity, backoff: '2s', maxBackoff: '1m', jitter: 0.2 },
};
/** How many reports wait while the VTN is down; behind that the oldest are left out, which is traced. */
const MOST_REPORTS_KEPT = 500;

interface Batch {
  readonly job: ReportJob;
  readonly report: OadrReport;
}

export interface Reporting {
  /** What has been offered, and what of it the VTN wants. */
  readonly offers$: Observable<readonly ReportJob[]>;
  /** The reports that are full, each of some samples. */
  readonly batches$: Observable<Batch>;
  /** The reports that have been sent. */
  readonly reports$: Observable<OadrReport>;
  /** Starts reports that the VTN asks for later. */
  readonly start: (jobs: readonly ReportJob[]) => void;
  /** Ends reports by the ids of their requests; what has been sampled by then is sent. */
  readonly cancel: (requestIds: readonly string[]) => void;
  /** Offers everything again. */
  readonly offer: (session: Session) => void;
}

/** Offers reports, samples what the VTN wants of them, and sends it in batches. */
export function reporting(
  { time, handle }: AgentContext<VenConfig>,
  session$: Observable<Session>,
  measure: Measure,
): Reporting {
  const again$ = new Subject<Session>();
  const job$ = new Subject<ReportJob>();
  const cancelled$ = new Subject<readonly string[]>();
  const start = (jobs: readonly ReportJob[]): void => jobs.forEach((job) => job$.next(job));

  const offers$ = merge(session$, again$).pipe(
    filter(({ client }) => client.config.reports.length > 0),
    handle.switch(async function offer({ client, venId }, run) {
      const { body } = await client.ask(
        offered(client.config, venId, client.wallNow()),
        run,
        'oadrRegisteredReport',
      );
      const jobs = jobsOf(client, body.requests);
      start(jobs);
      const requestIds = jobs.map(({ requestId }) => requestId);
      if (body.requests.length > 0)
        await client.ask(accepted(body.response.requestId, requestIds, venId), run, 'oadrResponse');
      return jobs;
    }, TENACIOUS),
    share(),
  );

  /** Another offer ends all reports, a request with the same id the one before it. */
  const endOf = ({ requestId }: ReportJob): Observable<unknown> =>
    merge(
      merge(session$, again$),
      job$.pipe(filter((other) => other.requestId === requestId)),
      cancelled$.pipe(filter((requestIds) => requestIds.includes(requestId))),
    );
  const ticksOf = (job: ReportJob): Observable<unknown> =>
    job.isOnce ? of(0) : of(job).pipe(time.every(job.granularity));

  const batches$ = job$.pipe(
    handle.merge(async function* sampling(job, { each }): AsyncGenerator<Batch> {
      let samples: ReportInterval[] = [];
      for await (const _tick of each(ticksOf(job).pipe(takeUntil(endOf(job))), 'granularity')) {
        samples.push(await sample(job, measure));
        if (samples.length < job.batch) continue;
        yield { job, report: reportOf(job, samples) };
        samples = [];
      }
      if (samples.length > 0) yield { job, report: reportOf(job, samples) };
    }),
    share(),
  );
  const reports$ = batches$.pipe(
    handle.concat(
      async function send({ job: { client }, report }, run) {
        const { session } = client;
        if (client.isClosed) return undefined;
        if (session === undefined) throw new VtnError('unexpected', 'not registered at present');
        try {
          cancelled$.next(await sendReport(session, report, run));
          return report;
        } catch (error) {
          // What the VTN has refused it will refuse again.
          if (!(error instanceof VtnError && error.code === 'refused')) throw error;
          run.log.warn('a report was refused', { error });
          return undefined;
        }
      },
      { ...TENACIOUS, buffer: MOST_REPORTS_KEPT, overflow: 'drop-oldest' },
    ),
    filter((report) => report !== undefined),
    share(),
  );
  return {
    offers$,
    batches$,
    reports$,
    start,
    cancel: (requestIds) => cancelled$.next(requestIds),
    offer: (session) => again$.next(session),
  };
}
