import type { ReportOffer, ReportPoint } from './config';
import type { KeptReport } from './Notebook';
import type { ReportInterval, ReportRequest } from './protocol/report';
import { RESPONSE } from './protocol/response';
import type { Rhythm } from './rhythm';
import { newId } from './newId';
import type { VenClient } from './VenClient';

/** The id by which a VTN asks for what is offered itself, instead of a report. */
const METADATA = 'METADATA';

/** A report that the VTN has asked for. */
export interface ReportJob {
  readonly client: VenClient;
  /** Tells it from another one under the same id. */
  readonly uid: string;
  readonly requestId: string;
  /** Undefined if what is offered is to be told again. */
  readonly offer: ReportOffer | undefined;
  readonly points: readonly ReportPoint[];
  /** When its interval begins, in ms since the epoch; undefined for at once. */
  readonly start: number | undefined;
  readonly rhythm: Rhythm;
  /** What is asked for is what has been kept, at most as fine as this (ms). Undefined for what is measured from now on. */
  readonly kept?: { readonly granularity: number } | undefined;
  /** When it has begun: its rhythm counts from then in a later life, too. */
  began: number | undefined;
  /** What has been sampled, and is not in a report yet. */
  samples: readonly ReportInterval[];
}

/** Why a request cannot be done. */
export interface Refusal {
  readonly code: string;
  readonly problem: string;
}

/** What there is to say to a request for a report. */
export type JudgedRequest =
  | { readonly job: ReportJob; readonly refusal?: undefined }
  | { readonly job?: undefined; readonly refusal: Refusal };

/** The standard writes spans in whole seconds, and nobody measures more often. */
const SHORTEST_GRANULARITY = 1000;

/** Judges a request: whether it asks for what was offered, and when it is to be sampled and sent. */
export function judgeRequest(client: VenClient, { requestId, specifier }: ReportRequest): JudgedRequest {
  const { specifierId, granularity, reportBack, interval, payloads } = specifier;
  const bad = (code: string, problem: string): JudgedRequest => ({ refusal: { code, problem } });
  if (requestId === '') return bad(RESPONSE.invalidId, 'a request without an id');

  const isMetadata = specifierId === METADATA;
  const offer = client.config.reports.find((one) => one.specifierId === specifierId);
  if (offer === undefined && !isMetadata)
    return bad(RESPONSE.invalidId, `report ${specifierId} is not offered`);
  const unknown = isMetadata
    ? undefined
    : payloads.find(({ rId }) => !offer?.points.some((point) => point.rId === rId));
  if (unknown !== undefined)
    return bad(RESPONSE.invalidId, `report ${specifierId} has no point ${unknown.rId}`);
  if (payloads.length === 0) return bad(RESPONSE.invalidData, `a request for no point of ${specifierId}`);

  const length = interval?.duration ?? 0;
  if (granularity < 0 || reportBack < 0 || length < 0)
    return bad(RESPONSE.invalidData, 'a span of less than nothing');
  if (granularity > 0 && granularity < SHORTEST_GRANULARITY)
    return bad(RESPONSE.invalidData, `a granularity of ${granularity} ms; a second is the shortest`);
  const isKept = offer?.name === 'HISTORY_USAGE';
  const isOver = interval !== undefined && length > 0 && interval.start + length <= client.wallNow();
  if (isOver && !isKept) return bad(RESPONSE.invalidData, 'an interval that is over');

  const points = offer?.points.filter(({ rId }) => payloads.some((payload) => payload.rId === rId)) ?? [];
  const fresh = { uid: newId(), began: undefined, samples: [] };
  const job = { ...fresh, client, requestId, offer, points, start: interval?.start };
  return isKept
    ? { job: { ...job, kept: { granularity }, rhythm: rhythmOfKept(reportBack, length) } }
    : { job: { ...job, rhythm: rhythmOf(granularity, reportBack, length) } };
}

/** A report as it is written down, and outlives the process. */
export function toNote({
  uid,
  requestId,
  offer,
  points,
  start,
  began,
  rhythm,
  kept,
  samples,
}: ReportJob): KeptReport {
  const { length, ...spans } = rhythm;
  return {
    ...{ uid, requestId, start, began, kept, ...spans },
    specifierId: offer?.specifierId ?? null,
    rIds: points.map(({ rId }) => rId),
    length: length === Infinity ? null : length,
    samples: [...samples],
  };
}

export function fromNote(client: VenClient, note: KeptReport): ReportJob {
  const { uid, requestId, specifierId, rIds, start, began, granularity, reportBack, length, kept, samples } =
    note;
  const offer = client.config.reports.find((one) => one.specifierId === specifierId);
  return {
    ...{ client, uid, requestId, offer, start, began, kept, samples },
    points: offer?.points.filter(({ rId }) => rIds.includes(rId)) ?? [],
    rhythm: { granularity, reportBack, length: length ?? Infinity },
  };
}

/** What has been kept is not sampled again: there are only reports, the last one at the end. */
function rhythmOfKept(reportBack: number, length: number): Rhythm {
  return { granularity: 0, reportBack, length: length === 0 && reportBack > 0 ? Infinity : length };
}

/** Without a span to report back after, there is one report: at the end of the interval, or at once if it has none. */
function rhythmOf(granularity: number, reportBack: number, length: number): Rhythm {
  const isOnce = reportBack === 0 && (granularity === 0 || length === 0);
  if (isOnce) return { granularity: 0, reportBack: 0, length: 0 };
  return {
    granularity: granularity === 0 ? reportBack : granularity,
    reportBack,
    length: length === 0 ? Infinity : length,
  };
}
