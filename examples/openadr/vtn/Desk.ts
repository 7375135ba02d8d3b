import { type Body, message, type Message } from '../ven/protocol/message';
import type { ReportRequest } from '../ven/protocol/report';
import { type EiResponse, RESPONSE } from '../ven/protocol/response';
import type { EventBook } from './EventBook';
import type { Programme } from './programme';

/** A VEN that has registered. */
interface Party {
  readonly venId: string;
  readonly registrationId: string;
  readonly venName: string;
  /** The instant of what it has been told of the events. */
  toldAt: number;
  /** What it is told at its next poll, before any event. */
  readonly pending: Message[];
}

/** What a VEN has said that others may want to know. */
export type Notice =
  | { readonly kind: 'registered' | 'cancelled'; readonly ven: string }
  | { readonly kind: 'opted'; readonly ven: string; readonly event: string; readonly opt: 'optIn' | 'optOut' }
  | { readonly kind: 'reported'; readonly ven: string; readonly values: readonly number[] };

/** What a message is answered with, and what is to be noted of it. */
export interface Answer {
  readonly reply: Message;
  readonly notices: readonly Notice[];
}

/** The desk of a VTN: it answers each message of the simple HTTP pull model. It knows no clock and no network. */
export class Desk {
  private readonly parties = new Map<string, Party>();
  private lastNumber = 0;

  constructor(
    private readonly programme: Programme,
    private readonly events: EventBook,
  ) {}

  /** Answers a message at an instant, in ms since the epoch. */
  answer(incoming: Message, now: number): Answer {
    switch (incoming.kind) {
      case 'oadrQueryRegistration':
        return said(this.registration(incoming.body.requestId));
      case 'oadrCreatePartyRegistration':
        return this.register(incoming.body);
      case 'oadrCancelPartyRegistration':
        return this.cancel(incoming.body);
      case 'oadrPoll':
        return this.ofParty(incoming.body.venId, '', (party) => this.news(party, now));
      case 'oadrRequestEvent':
        return this.ofParty(incoming.body.venId, incoming.body.requestId, (party) =>
          said(this.distribution(party, incoming.body.requestId, now)),
        );
      case 'oadrCreatedEvent':
        return this.ofParty(incoming.body.venId, incoming.body.response.requestId, (party) =>
          noteOpts(party, incoming.body),
        );
      case 'oadrRegisterReport':
        return this.ofParty(incoming.body.venId, incoming.body.requestId, (party) =>
          said(this.pickReports(party, incoming.body)),
        );
      case 'oadrUpdateReport':
        return this.ofParty(incoming.body.venId, incoming.body.requestId, (party) =>
          takeReport(party, incoming.body),
        );
      default:
        return said(plain(response('', RESPONSE.ok)));
    }
  }

  /** Lets a VEN register anew at its next poll. */
  askForReregistration(): void {
    for (const { venId, pending } of this.parties.values())
      pending.push(message('oadrRequestReregistration', { venId }));
  }

  private register({ requestId, venName, venId }: Body<'oadrCreatePartyRegistration'>): Answer {
    const known = [...this.parties.values()].find(
      (party) => party.venId === venId || party.venName === venName,
    );
    const number = ++this.lastNumber;
    const party: Party = {
      venId: known?.venId ?? `ven-${number}`,
      registrationId: `registration-${number}`,
      venName: venName ?? `ven ${number}`,
      toldAt: -Infinity,
      pending: [],
    };
    this.parties.set(party.venId, party);
    return said(this.registration(requestId, party), { kind: 'registered', ven: party.venName });
  }

  private registration(requestId: string, party?: Party): Message {
    const { vtnId, pollInterval } = this.programme;
    return message('oadrCreatedPartyRegistration', {
      response: response(requestId, RESPONSE.ok),
      vtnId,
      profiles: { list: [{ name: '2.0b', transports: { names: ['simpleHttp'] } }] },
      pollInterval,
      ...(party && { registrationId: party.registrationId, venId: party.venId }),
    });
  }

  private cancel({ requestId, registrationId }: Body<'oadrCancelPartyRegistration'>): Answer {
    const party = [...this.parties.values()].find((one) => one.registrationId === registrationId);
    const reply = message('oadrCanceledPartyRegistration', {
      response: response(requestId, party ? RESPONSE.ok : RESPONSE.invalidId),
      registrationId,
      ...(party && { venId: party.venId }),
    });
    if (party === undefined) return said(reply);
    this.parties.delete(party.venId);
    return said(reply, { kind: 'cancelled', ven: party.venName });
  }

  /** What a VEN has not been told yet; nothing new is an answer, too. */
  private news(party: Party, now: number): Answer {
    const waiting = party.pending.shift();
    if (waiting !== undefined) return said(waiting);
    const isNew = this.events.changes.some((change) => change > party.toldAt && change <= now);
    return said(isNew ? this.distribution(party, '', now) : plain(response('', RESPONSE.ok), party.venId));
  }

  private distribution(party: Party, requestId: string, now: number): Message {
    party.toldAt = now;
    return message('oadrDistributeEvent', {
      response: response(requestId, RESPONSE.ok),
      requestId: `distribution-${++this.lastNumber}`,
      vtnId: this.programme.vtnId,
      events: this.events.at(now),
    });
  }

  /** Asks for everything of the first report that is offered. */
  private pickReports({ venId }: Party, { requestId, reports }: Body<'oadrRegisterReport'>): Message {
    const { granularity, reportBack } = this.programme.report;
    const requests = reports.slice(0, 1).map(({ specifierId, descriptions }): ReportRequest => ({
      requestId: `report-${++this.lastNumber}`,
      specifier: {
        specifierId,
        granularity,
        reportBack,
        payloads: descriptions.map(({ rId }) => ({ rId, readingType: 'x-notApplicable' })),
      },
    }));
    return message('oadrRegisteredReport', { response: response(requestId, RESPONSE.ok), requests, venId });
  }

  private ofParty(venId: string | undefined, requestId: string, then: (party: Party) => Answer): Answer {
    const party = this.parties.get(venId ?? '');
    if (party !== undefined) return then(party);
    return said(plain(response(requestId, RESPONSE.notRegistered, `${venId ?? 'Nobody'} is not registered`)));
  }
}

function noteOpts(party: Party, { response: ofVen, eventResponses }: Body<'oadrCreatedEvent'>): Answer {
  const notices = (eventResponses?.list ?? []).map(({ qualifiedEventId, opt }): Notice => ({
    kind: 'opted',
    ven: party.venName,
    event: qualifiedEventId.eventId,
    opt,
  }));
  return said(plain(response(ofVen.requestId, RESPONSE.ok), party.venId), ...notices);
}

function takeReport(party: Party, { requestId, reports }: Body<'oadrUpdateReport'>): Answer {
  const payloads = reports.flatMap(({ intervals }) => intervals?.list ?? []).flatMap((one) => one.payloads);
  const values = payloads.flatMap(({ value }) => value ?? []);
  const reply = message('oadrUpdatedReport', {
    response: response(requestId, RESPONSE.ok),
    venId: party.venId,
  });
  return said(reply, { kind: 'reported', ven: party.venName, values });
}

function said(reply: Message, ...notices: readonly Notice[]): Answer {
  return { reply, notices };
}

function plain(ofVtn: EiResponse, venId?: string): Message {
  return message('oadrResponse', { response: ofVtn, ...(venId !== undefined && { venId }) });
}

function response(requestId: string, code: string, description?: string): EiResponse {
  return { code, requestId, ...(description !== undefined && { description }) };
}
