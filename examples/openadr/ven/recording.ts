import { EMPTY, map, merge, type Observable, of, switchMap } from 'rxjs';
import type { AgentContext } from 'rx-agent-kit';
import type { ReportOffer, VenConfig } from './config';
import { LONGEST_MEASUREMENT, type Measure, takeSample } from './measuring';
import type { ReportInterval } from './protocol/report';
import type { ReportJob } from './ReportJob';
import type { Faults } from './sensing';
import type { VenClient } from './VenClient';

/**
 * Measures what is offered as HISTORY_USAGE all the time, as often as the offer says, so that it can be asked for
 * later. What cannot be measured is handed on.
 */
export function recording(
  { time, handle }: AgentContext<VenConfig>,
  client$: Observable<VenClient | undefined>,
  measure: Measure,
  onFaults: (faults: Faults) => void,
): Observable<number> {
  const ticksOf = (client: VenClient, offer: ReportOffer) =>
    of(offer).pipe(
      time.every(periodOf(offer)),
      map(() => ({ client, offer })),
    );
  return client$.pipe(
    switchMap((client) => {
      const offers = client?.config.reports.filter(({ name }) => name === 'HISTORY_USAGE') ?? [];
      return client === undefined ? EMPTY : merge(...offers.map((offer) => ticksOf(client, offer)));
    }),
    handle.merge(async function record({ client, offer }, run) {
      const at = client.wallNow();
      const deadline = Math.min(LONGEST_MEASUREMENT, periodOf(offer));
      const { interval, faults } = await takeSample(offer.points, measure, { at, deadline }, run);
      onFaults({ source: offer, faults });
      if (interval !== undefined) client.historyOf(offer).add({ ...interval, start: at });
      return at;
    }),
  );
}

/** What has been kept of a report's points in its interval, behind one instant and up to another. */
export function recalled(
  { client, offer, points, start = -Infinity, rhythm: { length }, kept }: ReportJob,
  behind: number,
  upTo: number,
): readonly ReportInterval[] {
  if (offer === undefined || kept === undefined) return [];
  const end = length === 0 || start === -Infinity ? Infinity : start + length;
  const span = { behind: Math.max(behind, start - 1), upTo: Math.min(upTo, end) };
  const rIds = points.map(({ rId }) => rId);
  return client.historyOf(offer).between(span, rIds, kept.granularity);
}

function periodOf({ points }: ReportOffer): number {
  return Math.max(1000, Math.min(...points.map(({ minPeriod }) => minPeriod)));
}
