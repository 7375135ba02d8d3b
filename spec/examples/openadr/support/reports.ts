import type { ReportRequest } from '../../../../examples/openadr/ven/protocol/report';

/** A report that is offered, of one point. */
export const REPORT = { specifierId: 'usage', points: [{ rId: 'power', resourceId: 'r1' }] };

/** A request for it: a sample a minute, sent five at a time. */
export function reportRequest(
  parts: Partial<ReportRequest['specifier']> = {},
  requestId = 'rr-1',
): ReportRequest {
  const payloads = [{ rId: 'power', readingType: 'Direct Read' }];
  return {
    requestId,
    specifier: { specifierId: 'usage', granularity: 60_000, reportBack: 300_000, payloads, ...parts },
  };
}
