import { filter, map, type Observable, share } from 'rxjs';
import type { AgentContext, Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import { insist, type Setback } from './insist';
import { type Body, message } from './protocol/message';
import type { OadrReport } from './protocol/report';
import { newId } from './newId';
import type { ReportJob } from './ReportJob';
import type { Batch } from './sampling';
import type { VenClient } from './VenClient';
import { VtnError } from './Vtn';

/** How many reports wait while the VTN is down; behind that the oldest are left out, which is traced. */
const MOST_REPORTS_KEPT = 500;

/** What sending brings about elsewhere. */
export interface SendingEffects {
  /** The VTN has asked to be told once more what is offered. */
  readonly offerAgain: (job: ReportJob) => void;
  /** The VTN cancels reports in its answer to one. */
  readonly cancel: (client: VenClient, cancelled: Body<'oadrCancelReport'>) => void;
  readonly setBack: (setback: Setback) => void;
}

/**
 * Sends reports one after the other, under the registration that there is then. One that the VTN refuses is an
 * error, and those behind it are sent all the same; one that is not wanted any more is left out.
 */
export function sending(
  { handle }: AgentContext<VenConfig>,
  batches$: Observable<Batch>,
  present$: Observable<VenClient | undefined>,
  isKept: boolean,
  { offerAgain, cancel, setBack }: SendingEffects,
): Observable<OadrReport> {
  return batches$.pipe(
    filter(({ job, report, isLast }) => report !== undefined || isLast || job.offer === undefined),
    map(({ job: { uid }, report, isLast }) => ({ uid, report, isLast })),
    handle.concat(
      async function send({ uid, report, isLast }, run) {
        const client = await run.next(present$.pipe(filter((present) => present !== undefined)), 'a client');
        const job = client.reports.ofPart(uid);
        if (job === undefined) return undefined;
        const isWanted = (): boolean => client.reports.has(job);
        try {
          if (job.offer === undefined && isWanted()) offerAgain(job);
          if (report === undefined) return undefined;
          const updated = await insist(
            client,
            'report',
            run,
            async () => (isWanted() ? update(client, report, run) : undefined),
            setBack,
          );
          if (updated?.cancelReport !== undefined) cancel(client, updated.cancelReport);
          return updated && report;
        } finally {
          // Who is stopped goes on with it in the next life.
          if (isLast && !run.signal.aborted) client.reports.strike(job);
        }
      },
      { buffer: MOST_REPORTS_KEPT, overflow: 'drop-oldest', ...(isKept && { durable: 'reports' }) },
    ),
    filter((report) => report !== undefined),
    share(),
  );
}

async function update(client: VenClient, report: OadrReport, run: Run): Promise<Body<'oadrUpdatedReport'>> {
  const { session } = client;
  if (session === undefined) throw new VtnError('unexpected', 'not registered at present');
  const sent = message('oadrUpdateReport', { requestId: newId(), reports: [report], venId: session.venId });
  return (await client.ask(sent, run, 'oadrUpdatedReport')).body;
}
