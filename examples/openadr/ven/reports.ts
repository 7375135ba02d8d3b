import type { Run } from 'rx-agent-kit';
import type { ReportOffer, ReportPoint, VenConfig } from './config';
import { type Message, message } from './protocol/message';
import type { OadrReport, ReportInterval, ReportRequest } from './protocol/report';
import { RESPONSE } from './protocol/response';
import { target } from './protocol/target';
import { newId } from './register';
import type { Session, VenClient } from './VenClient';

/** Measures a point now. */
export type Measure = (point: ReportPoint) => PromiseLike<number> | number;

/** A report that the VTN wants: what is measured, how often, and after how many samples it is sent. */
export interface ReportJob {
  readonly client: VenClient;
  readonly requestId: string;
  readonly offer: ReportOffer;
  readonly points: readonly ReportPoint[];
  /** Ms between two samples. */
  readonly granularity: number;
  readonly batch: number;
  /** The VTN asks for one sample only. */
  readonly isOnce: boolean;
}

/** Says what could be reported: METADATA. */
export function offered(config: VenConfig, venId: string, wallNow: number): Message<'oadrRegisterReport'> {
  const reports = config.reports.map((offer): OadrReport => ({
    duration: offer.duration,
    descriptions: offer.points.map(
      ({ rId, resourceId, reportType, readingType, unit, minPeriod, maxPeriod }) => ({
        rId,
        ...(resourceId === undefined ? {} : { source: target({ resourceIds: [resourceId] }) }),
        reportType,
        unit,
        readingType,
        samplingRate: { minPeriod, maxPeriod, isOnChange: false },
      }),
    ),
    requestId: '0',
    specifierId: offer.specifierId,
    name: `METADATA_${offer.name}`,
    createdAt: wallNow,
  }));
  return message('oadrRegisterReport', { requestId: newId(), reports, venId });
}

/** What of the requests can be done: reports that were offered, of points that they have. */
export function jobsOf(client: VenClient, requests: readonly ReportRequest[]): readonly ReportJob[] {
  return requests.flatMap(({ requestId, specifier }) => {
    const offer = client.config.reports.find(({ specifierId }) => specifierId === specifier.specifierId);
    const points =
      offer?.points.filter(({ rId }) => specifier.payloads.some((payload) => payload.rId === rId)) ?? [];
    if (offer === undefined || points.length === 0) return [];
    const { reportBack } = specifier;
    const granularity = specifier.granularity > 0 ? specifier.granularity : reportBack;
    const batch = Math.max(1, Math.round(reportBack / Math.max(granularity, 1)));
    return [{ client, requestId, offer, points, granularity, batch, isOnce: reportBack <= 0 }];
  });
}

/** Takes a sample of a job's points. */
export async function sample({ client, points }: ReportJob, measure: Measure): Promise<ReportInterval> {
  const start = client.wallNow();
  const payloads = await Promise.all(
    points.map(async (point) => ({ rId: point.rId, value: await measure(point) })),
  );
  return { start, payloads };
}

/** A report of some samples. */
export function reportOf(
  { client, requestId, offer }: ReportJob,
  list: readonly ReportInterval[],
): OadrReport {
  return {
    start: list[0]?.start,
    intervals: { list },
    reportId: newId(),
    descriptions: [],
    requestId,
    specifierId: offer.specifierId,
    name: offer.name,
    createdAt: client.wallNow(),
  };
}

/** Sends a report under the present registration, and resolves with the reports that the VTN cancels in its answer. */
export async function sendReport(session: Session, report: OadrReport, run: Run): Promise<readonly string[]> {
  const update = message('oadrUpdateReport', { requestId: newId(), reports: [report], venId: session.venId });
  const { body } = await session.client.ask(update, run, 'oadrUpdatedReport');
  return body.cancelReport?.reportRequestIds ?? [];
}

/** Tells the VTN which reports it will get. */
export function accepted(
  requestId: string,
  pending: readonly string[],
  venId: string,
): Message<'oadrCreatedReport'> {
  const response = { code: RESPONSE.ok, description: 'OK', requestId };
  return message('oadrCreatedReport', { response, pending: { requestIds: pending }, venId });
}
