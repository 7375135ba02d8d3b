import { Desk, type DeskNotes, type Notice } from '../../../examples/openadr/vtn/Desk';
import { EventBook } from '../../../examples/openadr/vtn/EventBook';
import { Programme } from '../../../examples/openadr/vtn/programme';
import {
  decodeMessage,
  encodeMessage,
  message,
  type Message,
  type MessageKind,
} from '../../../examples/openadr/ven/protocol/message';

const START = Date.UTC(2026, 0, 31, 8);
const MINUTE = 60_000;

const programme = Programme.parse({
  pollInterval: '10s',
  events: [
    {
      id: 'evening',
      announcedAt: '1m',
      startsAt: '10m',
      rampUp: '2m',
      intervals: [
        { lasts: '5m', value: 1 },
        { lasts: '5m', value: 2 },
      ],
      changes: [
        { at: '12m', intervals: [{ lasts: '5m', value: 3 }] },
        { at: '13m', cancel: true },
      ],
    },
  ],
});

/** A desk, and what is said to it at a minute; each message goes over the wire as XML. */
function open(notes?: DeskNotes) {
  const desk = new Desk(programme, new EventBook(programme, START), notes);
  const notices: Notice[] = [];
  const say = (minute: number, spoken: Message): Message => {
    const answer = desk.answer(decodeMessage(encodeMessage(spoken)), START + minute * MINUTE);
    notices.push(...answer.notices);
    return decodeMessage(encodeMessage(answer.reply));
  };
  const ask = <K extends MessageKind>(minute: number, spoken: Message, kind: K): Message<K>['body'] => {
    const reply = say(minute, spoken);
    expect(reply.kind).toBe(kind);
    return reply.body as Message<K>['body'];
  };
  return { desk, notices, ask };
}

const registration = message('oadrCreatePartyRegistration', {
  requestId: 'r1',
  profileName: '2.0b',
  transportName: 'simpleHttp',
  isReportOnly: false,
  hasXmlSignature: false,
  venName: 'test-ven',
  isHttpPull: true,
});

function registered() {
  const world = open();
  const { venId = '', registrationId = '' } = world.ask(0, registration, 'oadrCreatedPartyRegistration');
  const poll = message('oadrPoll', { venId });
  return { ...world, venId, registrationId, poll };
}

describe('the VTN of the example', () => {
  it('knows in its next life whom it knew, what it asked for, and which reports it has taken', () => {
    const { desk, ask, venId, poll } = registered();
    const reports = [
      {
        ...{ requestId: '0', specifierId: 'usage', name: 'METADATA_TELEMETRY_USAGE', createdAt: START },
        descriptions: [{ rId: 'power', reportType: 'usage', readingType: 'Direct Read' }],
      },
    ];
    const offer = message('oadrRegisterReport', { requestId: 'o', reports, venId });
    const [request] = ask(0, offer, 'oadrRegisteredReport').requests;
    const report = {
      ...{ reportId: 'one', requestId: request?.requestId ?? '', specifierId: 'usage', createdAt: START },
      intervals: { list: [{ start: START, payloads: [{ rId: 'power', value: 5 }] }] },
      descriptions: [],
    };
    const update = message('oadrUpdateReport', { requestId: 'u', reports: [report], venId });
    ask(1, update, 'oadrUpdatedReport');

    const next = open(JSON.parse(JSON.stringify(desk.notes)) as DeskNotes);
    expect(next.ask(2, update, 'oadrUpdatedReport').response.code).toBe('200');
    expect(next.notices).toEqual([]);
    const another = message('oadrUpdateReport', {
      requestId: 'u2',
      reports: [{ ...report, reportId: 'two' }],
      venId,
    });
    next.ask(3, another, 'oadrUpdatedReport');
    expect(next.notices).toMatchObject([{ kind: 'reported', values: [5] }]);
    expect(next.ask(4, poll, 'oadrRegisterReport').venId).toBe(venId);
    expect(next.ask(5, poll, 'oadrDistributeEvent').events).toHaveLength(1);
    const again = next.ask(6, registration, 'oadrCreatedPartyRegistration');
    expect(again.venId).toBe(venId);
  });

  it('says what it offers before a VEN registers, and gives out no identity for that', () => {
    const { ask } = open();
    const offered = ask(
      0,
      message('oadrQueryRegistration', { requestId: 'q1' }),
      'oadrCreatedPartyRegistration',
    );
    expect(offered).toMatchObject({ pollInterval: 10_000, response: { code: '200', requestId: 'q1' } });
    expect(offered).not.toHaveProperty('venId');
  });

  it('keeps the identity of a VEN that registers again', () => {
    const { ask, venId, notices } = registered();
    expect(ask(1, registration, 'oadrCreatedPartyRegistration').venId).toBe(venId);
    expect(notices).toEqual([
      { kind: 'registered', ven: 'test-ven' },
      { kind: 'registered', ven: 'test-ven' },
    ]);
  });

  it('tells each change of an event once at a poll, and nothing in between', () => {
    const { ask, poll } = registered();
    ask(0.5, poll, 'oadrResponse');
    const first = ask(1, poll, 'oadrDistributeEvent').events[0]?.event;
    expect(first?.descriptor).toMatchObject({ eventId: 'evening', modificationNumber: 0, status: 'far' });
    ask(2, poll, 'oadrResponse');
    const changed = ask(12, poll, 'oadrDistributeEvent').events[0]?.event;
    expect(changed?.descriptor).toMatchObject({ modificationNumber: 1, status: 'active' });
    expect(changed?.signals.list[0]?.currentValue).toBe(3);
    const cancelled = ask(13, poll, 'oadrDistributeEvent').events[0]?.event;
    expect(cancelled?.descriptor).toMatchObject({ modificationNumber: 2, status: 'cancelled' });
  });

  it.each([
    [7, 'far', 0],
    [8, 'near', 0],
    [10, 'active', 1],
    [11.9, 'active', 1],
  ])('says at minute %d that the event is %s', (minute, status, currentValue) => {
    const { ask, venId } = registered();
    const request = message('oadrRequestEvent', { requestId: 'e1', venId });
    const event = ask(minute, request, 'oadrDistributeEvent').events[0]?.event;
    expect(event?.descriptor.status).toBe(status);
    expect(event?.signals.list[0]?.currentValue).toBe(currentValue);
  });

  it('notes how a VEN has opted', () => {
    const { ask, venId, notices } = registered();
    const created = message('oadrCreatedEvent', {
      response: { code: '200', requestId: 'd1' },
      venId,
      eventResponses: {
        list: [
          {
            code: '200',
            requestId: 'd1',
            qualifiedEventId: { eventId: 'evening', modificationNumber: 0 },
            opt: 'optIn',
          },
        ],
      },
    });
    expect(ask(2, created, 'oadrResponse').response.code).toBe('200');
    expect(notices.at(-1)).toEqual({ kind: 'opted', ven: 'test-ven', event: 'evening', opt: 'optIn' });
  });

  it('asks a VEN to register anew when it is told to', () => {
    const { ask, desk, poll, venId } = registered();
    desk.askForReregistration();
    expect(ask(2, poll, 'oadrRequestReregistration')).toEqual({ venId });
  });

  it('turns away whoever is not registered, or not any more', () => {
    const { ask, poll, registrationId } = registered();
    const cancel = message('oadrCancelPartyRegistration', { requestId: 'c1', registrationId });
    expect(ask(2, cancel, 'oadrCanceledPartyRegistration').response.code).toBe('200');
    expect(ask(3, cancel, 'oadrCanceledPartyRegistration').response.code).toBe('452');
    expect(ask(3, poll, 'oadrResponse').response.code).toBe('463');
  });

  it('lets a VEN renew a registration that it knows, and stay who it is', () => {
    const { ask, venId, registrationId } = registered();
    const renew = (parts: object) =>
      ask(1, { ...registration, body: { ...registration.body, ...parts } }, 'oadrCreatedPartyRegistration');
    expect(renew({ venId, registrationId })).toMatchObject({
      response: { code: '200' },
      venId,
      registrationId,
    });
    for (const parts of [
      { venId, registrationId: 'of-nobody' },
      { venId: 'somebody-else', registrationId },
    ]) {
      const refused = renew(parts);
      expect(refused.response.code).toBe('452');
      expect(refused).not.toHaveProperty('venId');
    }
  });

  const offer = {
    requestId: '0',
    specifierId: 'usage',
    descriptions: [{ rId: 'power', reportType: 'usage', readingType: 'Direct Read' }],
    createdAt: START,
  };
  const reportOf = (requestId: string, specifierId = 'usage', rId = 'power') => ({
    ...offer,
    requestId,
    specifierId,
    descriptions: [],
    intervals: { list: [{ start: START, payloads: [{ rId, value: 1.5 }] }] },
  });

  it('asks for what a VEN offers, and offers nothing itself at the next poll', () => {
    const { ask, venId, poll } = registered();
    const register = message('oadrRegisterReport', { requestId: 'o1', reports: [offer], venId });
    const { requests } = ask(0.1, register, 'oadrRegisteredReport');
    expect(requests).toMatchObject([{ specifier: { specifierId: 'usage', payloads: [{ rId: 'power' }] } }]);
    expect(ask(0.2, poll, 'oadrRegisterReport')).toMatchObject({ reports: [], venId });
    expect(ask(0.3, poll, 'oadrResponse').response.code).toBe('200');
    const none = message('oadrRegisterReport', { requestId: 'o2', reports: [], venId });
    expect(ask(0.4, none, 'oadrRegisteredReport')).toMatchObject({ response: { code: '200' }, requests: [] });
  });

  it('takes reports that it has asked for, and no others', () => {
    const { ask, venId, notices } = registered();
    const register = message('oadrRegisterReport', { requestId: 'o1', reports: [offer], venId });
    const [wanted] = ask(0.1, register, 'oadrRegisteredReport').requests;
    const { requestId } = wanted!;
    const update = (...reports: readonly ReturnType<typeof reportOf>[]) =>
      ask(0.2, message('oadrUpdateReport', { requestId: 'u1', reports, venId }), 'oadrUpdatedReport')
        .response;
    expect(update(reportOf(requestId))).toMatchObject({ code: '200', requestId: 'u1' });
    expect(notices.at(-1)).toEqual({ kind: 'reported', ven: 'test-ven', values: [1.5] });
    const before = notices.length;
    for (const strange of [
      reportOf('nobody-asked'),
      reportOf(requestId, 'weather'),
      reportOf(requestId, 'usage', 'sun'),
    ])
      expect(update(strange).code).toBe('452');
    expect(notices).toHaveLength(before);
  });

  it('does not wait for a report that the VEN has not taken on', () => {
    const { ask, venId, notices } = registered();
    const register = message('oadrRegisterReport', { requestId: 'o1', reports: [offer], venId });
    const [wanted] = ask(0.1, register, 'oadrRegisteredReport').requests;
    const refusal = { code: '461', description: 'not now', requestId: 'o1' };
    const created = message('oadrCreatedReport', { response: refusal, pending: { requestIds: [] }, venId });
    expect(ask(0.2, created, 'oadrResponse').response).toMatchObject({ code: '200', requestId: 'o1' });
    expect(notices.at(-1)).toEqual({ kind: 'refused', ven: 'test-ven', reason: 'not now' });
    const update = message('oadrUpdateReport', {
      requestId: 'u1',
      reports: [reportOf(wanted!.requestId)],
      venId,
    });
    expect(ask(0.3, update, 'oadrUpdatedReport').response.code).toBe('452');
  });

  it('has no reports that a VEN could ask for, and says so', () => {
    const { ask, venId } = registered();
    const specifier = { specifierId: 'x', granularity: 0, reportBack: 0, payloads: [] };
    const create = message('oadrCreateReport', {
      requestId: 'c1',
      requests: [{ requestId: 'r', specifier }],
      venId,
    });
    expect(ask(1, create, 'oadrCreatedReport')).toMatchObject({
      response: { code: '452' },
      pending: { requestIds: [] },
    });
    const cancel = message('oadrCancelReport', {
      requestId: 'c2',
      reportRequestIds: ['r'],
      isReportToFollow: false,
      venId,
    });
    expect(ask(1, cancel, 'oadrCanceledReport').response.code).toBe('452');
  });

  it('does not recognize what only a VTN says', () => {
    const { ask, venId } = registered();
    const strange = message('oadrRequestReregistration', { venId });
    expect(ask(1, strange, 'oadrResponse').response.code).toBe('453');
  });
});
