import { decodeMessage, encodeMessage, type Message } from '../../../examples/openadr/ven/protocol/message';
import { describeWith, filesIn, RECORDED, textOf } from './support/recorded';

function read(file: string): Message {
  return decodeMessage(textOf(RECORDED, file));
}

describeWith(RECORDED, 'the recorded conversation', () => {
  const files = filesIn(RECORDED, '.xml');

  it.each(files)('%s is read, and read again as it is written here', (file) => {
    const message = read(file);
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it('has the messages in this order', () => {
    expect(files.map((file) => read(file).kind.slice('oadr'.length))).toEqual([
      ...[
        'QueryRegistration',
        'CreatedPartyRegistration',
        'CreatePartyRegistration',
        'CreatedPartyRegistration',
      ],
      ...['RegisterReport', 'RegisteredReport', 'CreatedReport', 'Response'],
      ...['RequestEvent', 'DistributeEvent', 'CreatedEvent', 'Response'],
      ...['Poll', 'DistributeEvent', 'CreatedEvent', 'Response'],
      ...['UpdateReport', 'UpdatedReport', 'Poll', 'Response', 'Poll', 'Response'],
      ...['UpdateReport', 'UpdatedReport', 'Poll', 'DistributeEvent', 'CreatedEvent', 'Response'],
    ]);
  });

  it('says who is registered, and how often it has to poll', () => {
    expect(read('001-response.xml').body).toEqual({
      response: { code: '200', description: 'OK', requestId: '55574a27-5642-4482-9acf-883a392f65d2' },
      vtnId: 'myvtn',
      profiles: { list: [{ name: '2.0b', transports: { names: ['simpleHttp'] } }] },
      pollInterval: 1000,
    });
    expect(read('002-response.xml').body).toMatchObject({
      registrationId: 'reg_id_123',
      venId: 'ven_id_123',
    });
  });

  it('says what is offered for reports, what of it is wanted, and what was measured', () => {
    expect(read('003-request.xml').body).toMatchObject({
      reports: [
        {
          duration: 3_600_000,
          name: 'METADATA_TELEMETRY_USAGE',
          descriptions: [
            {
              source: { resourceIds: ['device001'] },
              unit: { kind: 'oadr:customUnit', description: 'powerReal', units: 'W', scale: 'k' },
              samplingRate: { minPeriod: 2000, maxPeriod: 2000, isOnChange: false },
            },
          ],
        },
      ],
    });
    expect(read('003-response.xml').body).toMatchObject({
      requests: [
        { specifier: { granularity: 2000, reportBack: 2000, payloads: [{ readingType: 'Direct Read' }] } },
      ],
    });
    expect(read('009-request.xml').body).toMatchObject({
      reports: [{ intervals: { list: [{ payloads: [{ value: 1.23 }] }] }, name: 'TELEMETRY_USAGE' }],
    });
  });

  it('says when the events are, with which signals', () => {
    expect(read('005-response.xml').body).toMatchObject({
      vtnId: 'myvtn',
      events: [
        {
          responseRequired: 'always',
          event: {
            descriptor: { eventId: 'evt1', modificationNumber: 0, status: 'far', testEvent: 'false' },
            period: { properties: { start: Date.parse('2026-11-22T11:35:32.681Z'), duration: 10_000 } },
            signals: {
              list: [
                {
                  name: 'simple',
                  type: 'level',
                  intervals: {
                    list: [
                      { duration: 5000, uid: '0', value: 1 },
                      { duration: 5000, uid: '1', value: 2 },
                    ],
                  },
                },
              ],
            },
            target: { venIds: ['ven_id_123'] },
          },
        },
        { event: { signals: { list: [{ name: 'ELECTRICITY_PRICE', type: 'price' }] } } },
      ],
    });
    expect(read('013-response.xml').body).toMatchObject({
      events: [
        {},
        { event: { descriptor: { eventId: 'evt2', modificationNumber: 1, status: 'cancelled' } } },
      ],
    });
  });

  it('says what was answered', () => {
    expect(read('006-request.xml').body).toMatchObject({
      eventResponses: {
        list: [
          { code: '200', qualifiedEventId: { eventId: 'evt1', modificationNumber: 0 }, opt: 'optOut' },
          { code: '200', qualifiedEventId: { eventId: 'evt2', modificationNumber: 0 }, opt: 'optOut' },
        ],
      },
    });
  });
});
