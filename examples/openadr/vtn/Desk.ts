import { type Body, message, type Message } from '../ven/protocol/message';
import { isGood, RESPONSE } from '../ven/protocol/response';
import { type Answer, type Notice, plain, response, said } from './Answer';
import type { EventBook } from './EventBook';
import type { Programme } from './programme';
import { type Party, Registry, type RegistryNotes } from './Registry';

export type { Answer, Notice } from './Answer';

/** What a VEN says to what the VTN has told it at a poll. */
type Acknowledgement = Message<
  | 'oadrResponse'
  | 'oadrRegisteredReport'
  | 'oadrCreatedReport'
  | 'oadrUpdatedReport'
  | 'oadrCanceledReport'
  | 'oadrCanceledPartyRegistration'
>;

/** What is written down of a desk. */
export interface DeskNotes {
  readonly lastNumber: number;
  readonly registry: RegistryNotes;
}

/** The desk of a VTN: it answers each message of the simple HTTP pull model. It knows no clock and no network. */
export class Desk {
  private readonly registry: Registry;
  private lastNumber: number;

  constructor(
    private readonly programme: Programme,
    private readonly events: EventBook,
    { lastNumber = 0, registry }: Partial<DeskNotes> = {},
  ) {
    this.registry = new Registry(programme, registry);
    this.lastNumber = lastNumber;
  }

  get notes(): DeskNotes {
    return { lastNumber: this.lastNumber, registry: this.registry.notes };
  }

  /** Answers a message at an instant, in ms since the epoch. */
  answer(incoming: Message, now: number): Answer {
    switch (incoming.kind) {
      case 'oadrQueryRegistration':
        return this.registry.query(incoming.body);
      case 'oadrCreatePartyRegistration':
        return this.registry.create(incoming.body);
      case 'oadrCancelPartyRegistration':
        return this.registry.cancel(incoming.body);
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
          this.offered(party, incoming.body),
        );
      case 'oadrUpdateReport':
        return this.ofParty(incoming.body.venId, incoming.body.requestId, ({ venId, venName, reports }) => {
          const { reply, values } = reports.take(incoming.body, venId);
          return said(
            reply,
            ...(values.length > 0 ? [{ kind: 'reported', ven: venName, values } as const] : []),
          );
        });
      case 'oadrCreateReport':
      case 'oadrCancelReport':
        return this.ofParty(incoming.body.venId, incoming.body.requestId, ({ venId }) =>
          said(noReportsHere(incoming, venId)),
        );
      case 'oadrResponse':
      case 'oadrRegisteredReport':
      case 'oadrCreatedReport':
      case 'oadrUpdatedReport':
      case 'oadrCanceledReport':
      case 'oadrCanceledPartyRegistration':
        return this.ofParty(incoming.body.venId, incoming.body.response.requestId, (party) =>
          acknowledged(party, incoming),
        );
      default:
        return said(
          plain(response('', RESPONSE.notRecognized, `${incoming.kind} is nothing that a VEN says`)),
        );
    }
  }

  /** Lets a VEN register anew at its next poll. */
  askForReregistration(): void {
    for (const { venId, pending } of this.registry.parties)
      pending.push(message('oadrRequestReregistration', { venId }));
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

  /** Picks what it wants of the offer, and offers in turn: it has no reports of its own. */
  private offered({ venId, reports, pending }: Party, body: Body<'oadrRegisterReport'>): Answer {
    const requests = reports.pick(body.reports, this.programme.report, () => `report-${++this.lastNumber}`);
    pending.push(
      message('oadrRegisterReport', { requestId: `offer-${++this.lastNumber}`, reports: [], venId }),
    );
    const ofVtn = response(body.requestId, RESPONSE.ok);
    return said(message('oadrRegisteredReport', { response: ofVtn, requests, venId }));
  }

  private ofParty(venId: string | undefined, requestId: string, then: (party: Party) => Answer): Answer {
    const party = this.registry.find(venId);
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

/** What a VEN will not do the VTN does not wait for. */
function acknowledged(party: Party, { kind, body }: Acknowledgement): Answer {
  const ofVtn = plain(response(body.response.requestId, RESPONSE.ok), party.venId);
  if (kind === 'oadrCreatedReport') party.reports.keep(body.pending.requestIds);
  if (isGood(body.response)) return said(ofVtn);
  const { code, description = code } = body.response;
  return said(ofVtn, { kind: 'refused', ven: party.venName, reason: description });
}

/** A VEN may ask the VTN for reports, too; here are none. */
function noReportsHere(
  { kind, body }: Message<'oadrCreateReport' | 'oadrCancelReport'>,
  venId: string,
): Message {
  const none = response(body.requestId, RESPONSE.invalidId, 'this VTN has no reports');
  const answer = { response: none, pending: { requestIds: [] }, venId };
  return message(kind === 'oadrCreateReport' ? 'oadrCreatedReport' : 'oadrCanceledReport', answer);
}
