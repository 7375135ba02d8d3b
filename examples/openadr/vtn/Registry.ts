import { type Body, message, type Message } from '../ven/protocol/message';
import { type EiResponse, RESPONSE } from '../ven/protocol/response';
import { type Answer, response, said } from './Answer';
import type { Programme } from './programme';
import { ReportShelf, type ShelfNotes } from './ReportShelf';

/** A VEN that has registered. */
export interface Party {
  readonly venId: string;
  readonly registrationId: string;
  readonly venName: string;
  /** The instant of what it has been told of the events. */
  toldAt: number;
  /** What it is told at its next poll, before any event. */
  readonly pending: Message[];
  readonly reports: ReportShelf;
}

/** What is written down of a registry. */
export interface RegistryNotes {
  readonly lastNumber: number;
  readonly parties: readonly (Omit<Party, 'toldAt' | 'reports'> & {
    /** Null for never. */
    readonly toldAt: number | null;
    readonly reports: ShelfNotes;
  })[];
}

/** Who is registered with a VTN: the service EiRegisterParty. */
export class Registry {
  private readonly byVenId: Map<string, Party>;
  private lastNumber: number;

  constructor(
    private readonly programme: Pick<Programme, 'vtnId' | 'pollInterval'>,
    { lastNumber = 0, parties = [] }: Partial<RegistryNotes> = {},
  ) {
    this.lastNumber = lastNumber;
    this.byVenId = new Map(
      parties.map(({ toldAt, pending, reports, ...rest }) => [
        rest.venId,
        { ...rest, toldAt: toldAt ?? -Infinity, pending: [...pending], reports: new ReportShelf(reports) },
      ]),
    );
  }

  get notes(): RegistryNotes {
    const { lastNumber, parties } = this;
    return {
      lastNumber,
      parties: parties.map(({ toldAt, reports, ...rest }) => ({
        ...rest,
        toldAt: toldAt === -Infinity ? null : toldAt,
        reports: reports.notes,
      })),
    };
  }

  get parties(): readonly Party[] {
    return [...this.byVenId.values()];
  }

  find(venId: string | undefined): Party | undefined {
    return this.byVenId.get(venId ?? '');
  }

  /** Says what is offered, and gives out no identity for that. */
  query({ requestId }: Body<'oadrQueryRegistration'>): Answer {
    return said(this.registration(response(requestId, RESPONSE.ok)));
  }

  /** Who names a registration renews it, and stays who it is; that one has to be known. */
  create({ requestId, registrationId, venName, venId }: Body<'oadrCreatePartyRegistration'>): Answer {
    const renewed = this.parties.find((party) => party.registrationId === registrationId);
    const isOwn = renewed !== undefined && [undefined, renewed.venId].includes(venId);
    if (registrationId !== undefined && !isOwn) {
      const unknown = `registration ${registrationId} of ${venId ?? 'nobody'} is not known`;
      return said(this.registration(response(requestId, RESPONSE.invalidId, unknown)));
    }
    const known = renewed ?? this.parties.find((party) => party.venId === venId || party.venName === venName);
    const number = ++this.lastNumber;
    const party: Party = {
      venId: known?.venId ?? `ven-${number}`,
      registrationId: renewed?.registrationId ?? `registration-${number}`,
      venName: venName ?? known?.venName ?? `ven ${number}`,
      toldAt: -Infinity,
      pending: [],
      reports: new ReportShelf(),
    };
    this.byVenId.set(party.venId, party);
    const ofVtn = this.registration(response(requestId, RESPONSE.ok), party);
    return said(ofVtn, { kind: 'registered', ven: party.venName });
  }

  cancel({ requestId, registrationId }: Body<'oadrCancelPartyRegistration'>): Answer {
    const party = this.parties.find((one) => one.registrationId === registrationId);
    const reply = message('oadrCanceledPartyRegistration', {
      response: response(requestId, party ? RESPONSE.ok : RESPONSE.invalidId),
      registrationId,
      ...(party && { venId: party.venId }),
    });
    if (party === undefined) return said(reply);
    this.byVenId.delete(party.venId);
    return said(reply, { kind: 'cancelled', ven: party.venName });
  }

  private registration(ofVtn: EiResponse, party?: Party): Message {
    const { vtnId, pollInterval } = this.programme;
    return message('oadrCreatedPartyRegistration', {
      response: ofVtn,
      vtnId,
      profiles: { list: [{ name: '2.0b', transports: { names: ['simpleHttp'] } }] },
      pollInterval,
      ...(party && { registrationId: party.registrationId, venId: party.venId }),
    });
  }
}
