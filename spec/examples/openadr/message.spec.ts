import fc from 'fast-check';
import {
  type Body,
  decodeMessage,
  encodeMessage,
  type Message,
  MESSAGE_KINDS,
} from '../../../examples/openadr/ven/protocol/message';
import { ProtocolError } from '../../../examples/openadr/ven/protocol/ProtocolError';
import { event, samples } from './support/samples';

const POLL = encodeMessage({ kind: 'oadrPoll', body: { venId: 'ven-1' } });

function problemOf(xml: string): string {
  try {
    decodeMessage(xml);
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
  return 'none';
}

describe('encodeMessage and decodeMessage', () => {
  it.each(MESSAGE_KINDS)('%s comes back as it was', (kind) => {
    const message = { kind, body: samples[kind] } as Message;
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it('keep any text', () => {
    const texts = fc
      .string({ unit: 'binary' })
      .map((text) =>
        text.replace(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '').trim(),
      );
    fc.assert(
      fc.property(texts, (venId) => {
        expect(decodeMessage(encodeMessage({ kind: 'oadrPoll', body: { venId } })).body).toEqual({ venId });
      }),
    );
  });

  it('keep the intervals of any event', () => {
    const interval = fc.record({
      duration: fc.nat().map((seconds) => seconds * 1000),
      uid: fc.nat().map(String),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    });
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1 }), (list) => {
        const [signal] = event.signals.list;
        const sent = { ...event, signals: { list: [{ ...signal!, intervals: { list } }] } };
        const body: Body<'oadrDistributeEvent'> = {
          requestId: '1',
          vtnId: 'v',
          events: [{ event: sent, responseRequired: 'always' }],
        };
        expect(decodeMessage(encodeMessage({ kind: 'oadrDistributeEvent', body })).body).toEqual(body);
      }),
    );
  });
});

describe('decodeMessage', () => {
  it('takes any prefixes, and the default namespace', () => {
    const other = `<a:oadrPayload xmlns:a="http://openadr.org/oadr-2.0b/2012/07"><oadrSignedObject xmlns="http://openadr.org/oadr-2.0b/2012/07">
      <oadrPoll><venID xmlns="http://docs.oasis-open.org/ns/energyinterop/201110"> ven-1 </venID></oadrPoll></oadrSignedObject></a:oadrPayload>`;
    expect(decodeMessage(other)).toEqual({ kind: 'oadrPoll', body: { venId: 'ven-1' } });
  });

  it('takes no element of another namespace for one of its own', () => {
    expect(problemOf(POLL.replace('energyinterop/201110"', 'energyinterop/1999"'))).toBe(
      'oadrPoll: ei:venID is missing',
    );
  });

  it('says where half a message breaks off', () => {
    expect(problemOf(POLL.slice(0, -30))).toMatch(/^no whole XML: .*\(line 2, column \d+\)$/);
    expect(problemOf('')).toMatch(/^no whole XML/);
  });

  it('refuses every beginning of a message', () => {
    const xml = encodeMessage({ kind: 'oadrDistributeEvent', body: samples.oadrDistributeEvent });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: xml.length - 2 }),
        (length) => problemOf(xml.slice(0, length)) !== 'none',
      ),
    );
  });

  it('refuses a document type, and with it an entity bomb', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${POLL.slice(POLL.indexOf('<oadr:')).replace('ven-1', '&b;')}`;
    expect(problemOf(bomb)).toBe('a message with a document type; entities are not taken from anybody');
    expect(problemOf(POLL.replace('ven-1', '&b;'))).toBe('entity &b; is not known');
  });

  it('refuses what is too long or too deep', () => {
    expect(problemOf(POLL.replace('ven-1', 'x'.repeat(4_000_000)))).toMatch(/^a message of 40\d+ characters/);
    expect(problemOf('<a>'.repeat(5000) + '</a>'.repeat(5000))).toMatch(
      /^no whole XML: Maximum nested tags exceeded/,
    );
  });

  it('names what is missing or wrong, with its place', () => {
    expect(problemOf(POLL.replace(/<ei:venID>.*<\/ei:venID>/, ''))).toBe('oadrPoll: ei:venID is missing');
    const created = encodeMessage({
      kind: 'oadrCreatedPartyRegistration',
      body: samples.oadrCreatedPartyRegistration,
    });
    expect(problemOf(created.replace('PT10S', 'soon'))).toBe(
      'oadrCreatedPartyRegistration/oadr:oadrRequestedOadrPollFreq/xcal:duration: "soon" is no duration such as PT15M',
    );
    expect(problemOf(POLL.replaceAll('oadrPoll', 'oadrPool'))).toBe(
      'a message of kind oadr:oadrPool is not known',
    );
    expect(problemOf('<html><body>502 Bad Gateway</body></html>')).toBe(
      '{}html is no oadrPayload with an oadrSignedObject',
    );
  });

  it('takes what is blank for missing, where it may be missing', () => {
    const xml = encodeMessage({ kind: 'oadrResponse', body: samples.oadrResponse }).replace('ven-1', '');
    expect(decodeMessage(xml).body).toEqual({ response: samples.oadrResponse.response });
  });

  it('keeps the other events of a message when one cannot be read', () => {
    const xml = encodeMessage({ kind: 'oadrDistributeEvent', body: samples.oadrDistributeEvent });
    const { body } = decodeMessage(xml.replace('2026-01-31T08:00:00.000Z', 'tomorrow'));
    expect(body).toMatchObject({
      events: [
        {
          eventId: 'evt-1',
          modificationNumber: 2,
          responseRequired: 'always',
          problem: expect.stringMatching(/xcal:date-time: "tomorrow" is no date and time/),
        },
        { event },
      ],
    });
  });
});
