// One bad event, one bad peer: never the end of a stream.
import fc from 'fast-check';
import { marbleTest } from 'rx-agent-kit/testing';
import type { EventSignal } from '../../../examples/openadr/ven/protocol/event';
import { encodeMessage, message } from '../../../examples/openadr/ven/protocol/message';
import { drEvent, levels, MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';

const YEAR = 365 * 24 * 60 * MINUTE;
const CALENDAR = Date.UTC(9999, 11, 31);

describe('a VEN lives on', () => {
  it.each<[string, (xml: string) => string]>([
    [
      'a number without an end',
      (xml) => xml.replace('>0</ei:modificationNumber', `>${'9'.repeat(400)}</ei:modificationNumber`),
    ],
    ['a duration without an end', (xml) => xml.replace('PT30M', `P${'9'.repeat(400)}Y`)],
    ['a value that is none', (xml) => xml.replace('<ei:value>1<', '<ei:value>INF<')],
    ['no signals at all', (xml) => xml.replace(/<ei:eiEventSignals>.*<\/ei:eiEventSignals>/, '')],
    ['half a character as its id', (xml) => xml.replace('>bad<', '>&#xD800;<')],
    ['a start that is no date', (xml) => xml.replace('1970-01-01T00:10:00.000Z', 'tomorrow')],
  ])('an event with %s, and follows the others', async (_what, spoil) => {
    await marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, steps } = await playVen(helpers, { config: { jitter: 0 } });
      vtn.events.push(drEvent({ id: 'good', start: 20 * MINUTE }));
      await clock.sleep('10s');
      const events = [{ event: drEvent({ id: 'bad' }), responseRequired: 'always' as const }];
      const list = message('oadrDistributeEvent', { requestId: 'd', vtnId: 'vtn-1', events });
      let isTold = false;
      vtn.script = ({ kind }) => {
        if (kind !== 'oadrPoll' || isTold) return undefined;
        isTold = true;
        return spoil(encodeMessage(list));
      };
      await clock.sleep('30s');
      vtn.distribute(drEvent({ id: 'good', start: 20 * MINUTE, modificationNumber: 1 }));
      await clock.sleep('25m');
      expect(ven.state).toBe('ready');
      expect(ven.health.status).toBe('good');
      expect(steps).toContain('20 active 1');
      await stop();
    })();
  });

  it('any event that a VTN may write, and publishes what the others ask for', async () => {
    const instant = fc.integer({ min: -CALENDAR, max: CALENDAR });
    const span = fc.oneof(
      fc.integer({ min: -10 * MINUTE, max: 90 * MINUTE }),
      fc.integer({ min: 0, max: 900 * YEAR }),
    );
    const signal = fc
      .array(fc.tuple(span, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 20 })
      .map((pairs): EventSignal => ({
        ...levels(),
        intervals: { list: pairs.map(([duration, value]) => ({ duration, value })) },
      }));
    const parts = fc.record({
      id: fc.string({ minLength: 1 }),
      start: fc.oneof(instant, fc.integer({ min: -MINUTE, max: 30 * MINUTE })),
      duration: span,
      signals: fc.array(signal, { minLength: 1, maxLength: 2 }),
      startAfter: fc.option(span, { nil: undefined }),
      notification: fc.option(span, { nil: undefined }),
      rampUp: fc.option(span, { nil: undefined }),
      recovery: fc.option(span, { nil: undefined }),
      priority: fc.nat(),
      modificationNumber: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 4 }), async (given) => {
        await marbleTest(async (helpers) => {
          const { vtn, ven, stop, clock, steps } = await playVen(helpers);
          vtn.events.push(
            ...given.map((event, index) => drEvent({ ...event, id: `${index} ${event.id}` })),
            drEvent({ id: 'good' }),
          );
          await clock.sleep('15m');
          expect(ven.state).toBe('ready');
          expect(steps).toContain('10 active 1');
          await stop();
        })();
      }),
      { numRuns: 25 },
    );
  });

  it(
    'a decision that is neither of the two: it has opted out',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers, { decide: () => 'perhaps' as 'optIn' });
      vtn.events.push(drEvent());
      await clock.sleep('30s');
      await stop();
      const [answer] = vtn.all('oadrCreatedEvent')[0]!.body.eventResponses!.list;
      expect(answer).toMatchObject({ code: '200', opt: 'optOut' });
    }),
  );

  it(
    'a VTN that is away when it is asked for its events, for however long',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ start: 30 * MINUTE }));
      vtn.script = ({ kind }) => (kind === 'oadrRequestEvent' ? new Error('no answer') : undefined);
      await clock.sleep('20m');
      vtn.script = () => undefined;
      await clock.sleep('12m');
      await stop();
      expect(steps).toEqual(['30 active 1']);
    }),
  );

  it(
    'a VTN whose messages are empty, or of a kind that nobody knows',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await playVen(helpers, { config: { jitter: 0 } });
      await clock.sleep('5s');
      const strange = ['', '<a/>', encodeMessage(message('oadrPoll', { venId: 'x' })), 'not even XML'];
      vtn.script = ({ kind }) => (kind === 'oadrPoll' ? strange.shift() : undefined);
      await clock.sleep('2m');
      expect(strange).toEqual([]);
      expect(ven.health.status).toBe('good');
      await stop();
    }),
  );
});

describe('a VEN that comes in the midst of an event', () => {
  it.each<[string, number, number, readonly string[]]>([
    ['its ramp-up', 3, 5, ['0 ramp-up 1', '3 active 1', '13 active 2']],
    ['a ramp-up that lies behind its start', -1, -5, ['0 ramp-up 1', '4 active 1', '9 active 2']],
    ['its first interval', -2, 5, ['0 active 1', '8 active 2']],
  ])('%s shows that', async (_what, start, rampUp, expected) => {
    await marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, steps, signals } = await playVen(helpers);
      const published: string[] = [];
      ven.streams.signal$.subscribe(({ phase }) => published.push(phase));
      vtn.events.push(drEvent({ start: start * MINUTE, rampUp: rampUp * MINUTE }));
      await clock.sleep('15m');
      await stop();
      const minutes = (line: string): string =>
        line.replace(/^[\d.]+/, (minute) => String(Math.floor(Number(minute))));
      expect(steps.map(minutes)).toEqual(expected);
      expect(signals.slice(1).map(minutes)).toEqual(expected);
    })();
  });
});
