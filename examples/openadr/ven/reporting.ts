import { filter, map, merge, mergeMap, type Observable, share, Subject, tap } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { Clients } from './clients';
import type { VenConfig } from './config';
import type { Setback } from './insist';
import type { Fault, Measure } from './measuring';
import { type AnsweredOffer, type Offer, offering } from './offering';
import type { OadrReport } from './protocol/report';
import { recording } from './recording';
import type { ReportJob } from './ReportJob';
import { type Batch, type Ending, sampling } from './sampling';
import { sending } from './sending';
import { type Faults, sensing } from './sensing';
import type { Session } from './VenClient';

export interface Reporting {
  /** What has been offered, and what of it the VTN wants. */
  readonly offers$: Observable<AnsweredOffer>;
  /** The reports that are due, each of some samples. */
  readonly batches$: Observable<Batch>;
  /** The reports that the VTN has taken. */
  readonly reports$: Observable<OadrReport>;
  /** What cannot be measured at present, whenever that changes. */
  readonly sensors$: Observable<readonly Fault[]>;
  /** When something was measured for those that ask later: ms since the epoch. */
  readonly recorded$: Observable<number>;
  /** What the VTN did not take, and is tried again. */
  readonly setbacks$: Observable<Setback>;
  readonly control: ReportControl;
}

/** What the VTN's messages do to reports. */
export interface ReportControl {
  /** Starts reports that have been entered into the client's book. */
  readonly start: (jobs: readonly ReportJob[]) => void;
  /** Ends reports; if one is to follow, with what has been sampled by then, and otherwise without a word. */
  readonly end: (jobs: readonly ReportJob[], isReportToFollow: boolean) => void;
  readonly setBack: (setback: Setback) => void;
}

/** Offers reports, samples what the VTN wants of them, and sends it in batches. */
export function reporting(
  context: AgentContext<VenConfig>,
  { client$, present$, isKept }: Clients,
  session$: Observable<Session>,
  measure: Measure,
): Reporting {
  const again$ = new Subject<Offer>();
  const job$ = new Subject<ReportJob>();
  const endings$ = new Subject<Ending>();
  const setbacks$ = new Subject<Setback>();

  const end: ReportControl['end'] = (jobs, isReportToFollow) => {
    for (const job of jobs) {
      if (!isReportToFollow) job.client.reports.strike(job);
      endings$.next({ job, isReportToFollow });
    }
  };
  const control: ReportControl = {
    start: (jobs) => {
      for (const job of jobs) if (job.client.reports.has(job)) job$.next(job);
    },
    end,
    setBack: (setback) => setbacks$.next(setback),
  };

  const isResumed = (session: Session): boolean => session.isResumed;
  const isNew = ({ client }: Session): boolean => !client.hasOffered;
  const resumed$ = session$.pipe(
    filter(isResumed),
    mergeMap(({ client }) => client.reports.pending),
  );
  const offer$ = merge(
    session$.pipe(
      filter(isNew),
      map((session): Offer => ({ session })),
    ),
    again$,
  );
  const offers$ = offering(context, offer$).results$.pipe(
    // A new registration starts from nothing; an offer that the VTN has asked for leaves the requests for offers.
    tap(({ session: { client }, reportRequestId, requests }) => {
      if (requests.length === 0) client.noteOffered();
      const isAsked = reportRequestId !== undefined;
      end(
        client.reports.pending.filter((job) => !isAsked || job.offer !== undefined),
        false,
      );
    }),
    share(),
  );
  const recordingFaults$ = new Subject<Faults>();
  const { batches$, faults$ } = sampling(context, merge(resumed$, job$), endings$, client$, measure);
  const reports$ = sending(context, batches$, present$, isKept, {
    offerAgain: ({ client: { session }, requestId }) => {
      if (session !== undefined) again$.next({ session, reportRequestId: requestId });
    },
    cancel: ({ reports }, { reportRequestIds, isReportToFollow }) =>
      end(
        reportRequestIds.flatMap((requestId) => reports.find(requestId) ?? []),
        isReportToFollow,
      ),
    setBack: control.setBack,
  });
  return {
    offers$,
    batches$,
    reports$,
    sensors$: sensing(context, merge(faults$, recordingFaults$)),
    recorded$: recording(context, client$, measure, (faults) => recordingFaults$.next(faults)),
    setbacks$,
    control,
  };
}
