import { Desk, type Notice } from '../../../examples/openadr/vtn/Desk';
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
function open() {
  const desk = new Desk(programme, new EventBook(programme, START));
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
});
