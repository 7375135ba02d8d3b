import type { VenConfig } from './config';
import { type Message, message } from './protocol/message';
import type { OadrReport, ReportInterval } from './protocol/report';
import { target } from './protocol/target';
import { newId } from './newId';
import type { ReportJob } from './ReportJob';

/**
 * Says what could be reported: METADATA. Who can report nothing says so, too.
 *
 * @param reportRequestId the request that it answers, if the VTN has asked for it
 */
export function offered(
  config: VenConfig,
  venId: string,
  wallNow: number,
  reportRequestId?: string,
): Message<'oadrRegisterReport'> {
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
  return message('oadrRegisterReport', { requestId: newId(), reports, venId, reportRequestId });
}

/** A report of some samples. It begins with the first of them, as the standard wants it. */
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
    specifierId: offer?.specifierId ?? '',
    name: offer?.name,
    createdAt: client.wallNow(),
  };
}
