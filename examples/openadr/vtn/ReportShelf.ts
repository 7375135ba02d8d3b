import { type Body, message, type Message } from '../ven/protocol/message';
import type { OadrReport, ReportRequest } from '../ven/protocol/report';
import { RESPONSE } from '../ven/protocol/response';
import { response } from './Answer';

/** How often a VTN wants a report sampled and sent: ms. */
export interface Wish {
  readonly granularity: number;
  readonly reportBack: number;
}

/** What is written down of a shelf. */
export interface ShelfNotes {
  readonly requests: readonly ReportRequest[];
  readonly taken: readonly string[];
}

/** The reports that a VTN has asked a VEN for. */
export class ReportShelf {
  private readonly requests: Map<string, ReportRequest>;
  /** Reports that were taken in: one that comes again is taken for what it is. */
  private readonly taken: Set<string>;

  constructor({ requests = [], taken = [] }: Partial<ShelfNotes> = {}) {
    this.requests = new Map(requests.map((request) => [request.requestId, request]));
    this.taken = new Set(taken);
  }

  get notes(): ShelfNotes {
    return { requests: [...this.requests.values()], taken: [...this.taken] };
  }

  /** Asks for everything of the first report that is offered. Another offer ends what was asked for before. */
  pick(offered: readonly OadrReport[], wish: Wish, newId: () => string): readonly ReportRequest[] {
    this.requests.clear();
    this.taken.clear();
    for (const { specifierId, descriptions } of offered.slice(0, 1)) {
      const requestId = newId();
      const payloads = descriptions.map(({ rId }) => ({ rId, readingType: 'x-notApplicable' }));
      this.requests.set(requestId, { requestId, specifier: { specifierId, ...wish, payloads } });
    }
    return [...this.requests.values()];
  }

  /** Keeps the requests that the VEN has taken. */
  keep(requestIds: readonly string[]): void {
    for (const requestId of this.requests.keys())
      if (!requestIds.includes(requestId)) this.requests.delete(requestId);
  }

  /** Takes reports in, if they were asked for: all of a message, or none of it. */
  take(
    { requestId, reports }: Body<'oadrUpdateReport'>,
    venId: string,
  ): { readonly reply: Message; readonly values: readonly number[] } {
    const strange = reports.find((report) => !this.isAskedFor(report));
    const ofVtn = strange
      ? response(requestId, RESPONSE.invalidId, `report ${strange.requestId} was not asked for`)
      : response(requestId, RESPONSE.ok);
    const isNew = ({ reportId }: OadrReport): boolean => reportId === undefined || !this.taken.has(reportId);
    const payloads = reports
      .filter(isNew)
      .flatMap(({ intervals }) => intervals?.list ?? [])
      .flatMap((interval) => interval.payloads);
    if (strange === undefined)
      for (const { reportId } of reports) if (reportId !== undefined) this.taken.add(reportId);
    return {
      reply: message('oadrUpdatedReport', { response: ofVtn, venId }),
      values: strange ? [] : payloads.flatMap(({ value }) => value ?? []),
    };
  }

  private isAskedFor({ requestId, specifierId, intervals }: OadrReport): boolean {
    const specifier = this.requests.get(requestId)?.specifier;
    const rIds = (intervals?.list ?? []).flatMap(({ payloads }) => payloads.map(({ rId }) => rId));
    return (
      specifier?.specifierId === specifierId &&
      rIds.every((rId) => specifier.payloads.some((payload) => payload.rId === rId))
    );
  }
}
