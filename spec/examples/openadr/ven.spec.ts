import { marbleTest } from 'rx-agent-kit/testing';
import { encodeMessage, message } from '../../../examples/openadr/ven/protocol/message';
import { drEvent, levels, MINUTE } from './support/drEvent';
import type { Script } from './support/FakeVtn';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

const response = { code: '200', requestId: 'q' };
const refusal = message('oadrResponse', {
  response: { code: '463', description: 'who are you', requestId: 'q' },
});
const profile = (name: '2.0a' | '2.0b') => ({
  list: [{ name, transports: { names: ['simpleHttp' as const] } }],
});
const registered = message('oadrCreatedPartyRegistration', {
  response,
  vtnId: 'vtn-1',
  profiles: profile('2.0b'),
});
const old = message('oadrCreatedPartyRegistration', { response, vtnId: 'vtn-1', profiles: profile('2.0a') });

/** A line with its minute to one place: polls are spread by jitter. */
function rounded(line: string): string {
  const [minute, ...rest] = line.split(' ');
  return [(Math.floor(Number(minute) * 10) / 10).toFixed(1), ...rest].join(' ');
}

function withoutTime(line: string): string {
  return line.slice(line.indexOf(' ') + 1);
}

describe('a VEN', () => {
  it(
    'registers three seconds after start, asks for events, and polls at the rate that the VTN wants',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers, { config: { jitter: 0 } });
      await clock.sleep('35s');
      await stop();
      expect(vtn.talk).toEqual([
        '3 QueryRegistration',
        '3.1 CreatePartyRegistration',
        '3.2 RequestEvent',
        '3.2 RegisterReport',
        '13.2 Poll',
        '23.2 Poll',
        '33.2 Poll',
        '35 CancelPartyRegistration',
      ]);
      expect(vtn.closed).toBe(1);
    }),
  );

  it(
    'lives through the day of an event',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, signals, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ notification: 8 * MINUTE, rampUp: 5 * MINUTE, recovery: 5 * MINUTE }));
      await clock.sleep('1h');
      await stop();
      expect(steps).toEqual([
        '2 notified ',
        '5 ramp-up 1',
        '10 active 1',
        '20 active 2',
        '40 ramp-down ',
        '45 completed ',
      ]);
      expect(signals).toEqual([
        '0.05 idle 0',
        '5 ramp-up 1',
        '10 active 1',
        '20 active 2',
        '40 ramp-down 0',
        '45 idle 0',
      ]);
      expect(vtn.all('oadrCreatedEvent')).toMatchObject([
        {
          body: {
            eventResponses: { list: [{ code: '200', opt: 'optIn', qualifiedEventId: { eventId: 'evt-1' } }] },
          },
        },
      ]);
    }),
  );

  it(
    'replaces the timers when an event is modified in mid-ramp',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ rampUp: 5 * MINUTE, recovery: 5 * MINUTE }));
      await clock.sleep('7m');
      const moved = { start: 12 * MINUTE, duration: 10 * MINUTE, signals: [levels([10, 3])] };
      vtn.distribute(drEvent({ modificationNumber: 1, rampUp: 6 * MINUTE, recovery: 5 * MINUTE, ...moved }));
      await clock.sleep('1h');
      await stop();
      expect(steps.map(rounded)).toEqual([
        '5.0 ramp-up 1',
        '7.0 ramp-up 3',
        '12.0 active 3',
        '22.0 ramp-down ',
        '27.0 completed ',
      ]);
      expect(vtn.all('oadrCreatedEvent')).toHaveLength(2);
    }),
  );

  it(
    'ramps down what has begun when the event is moved away',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, signals } = await playVen(helpers);
      vtn.events.push(drEvent({ recovery: 2 * MINUTE }));
      await clock.sleep('15m');
      vtn.distribute(drEvent({ modificationNumber: 1, recovery: 2 * MINUTE, start: 60 * MINUTE }));
      await clock.sleep('50m');
      await stop();
      expect(signals.map(rounded)).toEqual([
        '0.0 idle 0',
        '10.0 active 1',
        '15.0 ramp-down 0',
        '17.0 idle 0',
        '60.0 active 1',
      ]);
    }),
  );

  it(
    'ends an event at once when it is cancelled, with its ramp-down',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ recovery: 5 * MINUTE }));
      await clock.sleep('15m');
      vtn.distribute(drEvent({ recovery: 5 * MINUTE, modificationNumber: 1, status: 'cancelled' }));
      await clock.sleep('1h');
      await stop();
      expect(steps.map(rounded)).toEqual(['10.0 active 1', '15.0 ramp-down ', '20.0 cancelled ']);
    }),
  );

  it(
    'takes an event for cancelled that a later list does not have',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ id: 'a' }), drEvent({ id: 'b', start: 50 * MINUTE }));
      await clock.sleep('15m');
      vtn.distribute(drEvent({ id: 'b', start: 50 * MINUTE }));
      await clock.sleep('40m');
      await stop();
      expect(steps.map(rounded)).toEqual(['10.0 active 1', '15.0 cancelled ', '50.0 active 1']);
    }),
  );

  it(
    'enters an event that is under way where it is',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ start: -15 * MINUTE }));
      await clock.sleep('20m');
      await stop();
      expect(steps.map(rounded)).toEqual(['0.0 active 2', '15.0 completed ']);
    }),
  );

  it(
    'spreads the start over the tolerance, and keeps to that when the event is modified',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers, { random: () => 0.5 });
      vtn.events.push(drEvent({ startAfter: 4 * MINUTE }));
      await clock.sleep('5m');
      vtn.distribute(drEvent({ startAfter: 4 * MINUTE, modificationNumber: 1 }));
      await clock.sleep('40m');
      await stop();
      expect(steps).toEqual(['10 notified ', '12 active 1', '22 active 2', '42 completed ']);
    }),
  );

  it(
    'follows an event of a thousand intervals with one timer at a time',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, steps } = await playVen(helpers);
      vtn.pollInterval = MINUTE;
      const minutes = Array.from({ length: 1000 }, (_minute, index) => [1, index % 4] as const);
      vtn.events.push(drEvent({ duration: 1000 * MINUTE, signals: [levels(...minutes)] }));
      await clock.sleep('20m');
      expect(ven.ledger().filter(({ kind }) => kind === 'timer')).toHaveLength(2);
      await clock.sleep('1000m');
      await stop();
      expect(steps).toHaveLength(1001);
      expect(steps.slice(-2)).toEqual(['1009 active 3', '1010 completed ']);
    }),
  );

  it(
    'comes back when the VTN was down for ten minutes',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, steps, errors, states } = await playVen(helpers);
      vtn.events.push(drEvent({ start: 5 * MINUTE }));
      await clock.sleep('4m');
      vtn.isDown = true;
      await clock.sleep('9m');
      expect(ven.health).toMatchObject({ status: 'bad', reason: expect.stringContaining('nobody is there') });
      await clock.sleep('1m');
      vtn.isDown = false;
      await clock.sleep('1m5s');
      expect(ven.health.status).toBe('good');
      expect(errors.length).toBeLessThan(25);
      await stop();
      expect(states.map(withoutTime)).toEqual([
        'waiting',
        'registering',
        'registering',
        'registered',
        'unreachable',
        'registered',
        'cancelled',
      ]);
      expect(steps).toEqual(['5 active 1', '15 active 2']);
    }),
  );

  it(
    'registers as soon as there is a VTN, however long that takes',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, states } = await playVen(helpers);
      vtn.isDown = true;
      await clock.sleep('10m');
      expect(ven.health.status).toBe('bad');
      expect(vtn.log.length).toBeLessThan(20);
      vtn.isDown = false;
      await clock.sleep('70s');
      expect(ven.health.status).toBe('good');
      expect(withoutTime(states.at(-1)!)).toBe('registered');
      await stop();
    }),
  );

  it.each<[string, Script, RegExp]>([
    ['half an XML', () => encodeMessage(registered).slice(0, 600), /no whole XML/],
    ['a page of HTML', () => '<html><body>502</body></html>', /is no oadrPayload/],
    ['an entity bomb', () => `<!DOCTYPE x [<!ENTITY a "lol">]>${encodeMessage(registered)}`, /document type/],
    [
      'another message',
      () => message('oadrPoll', { venId: 'x' }),
      /oadrPoll is no answer to oadrQueryRegistration/,
    ],
    ['a refusal', () => refusal, /oadrQueryRegistration was refused by oadrResponse 463 who are you/],
    ['an old profile', () => old, /vtn-1 does not speak OpenADR 2.0b/],
  ])('says clearly that it got %s, and tries again', async (_what, script, reason) => {
    await marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, errors } = await playVen(helpers);
      vtn.script = script;
      await clock.sleep('5s');
      expect(ven.health.reason).toMatch(reason);
      vtn.script = () => undefined;
      await clock.sleep('5s');
      expect(ven.health.status).toBe('good');
      expect(errors.length).toBeGreaterThan(0);
      await stop();
    })();
  });

  it(
    'waits for a slow VTN up to the request timeout, and for no longer',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await playVen(helpers, { config: { requestTimeout: '5s' } });
      await clock.sleep('4s');
      vtn.latency = '4s';
      await clock.sleep('1m');
      expect(ven.health.status).toBe('good');
      vtn.latency = '8s';
      await clock.sleep('1m');
      expect(ven.health.reason).toMatch(/no answer to oadrPoll within 5000 ms/);
      vtn.latency = '100ms';
      await clock.sleep('1m');
      expect(ven.health.status).toBe('good');
      await stop();
    }),
  );

  it(
    'goes by its own clock when that of the VTN is an hour off, and says so',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, steps } = await playVen(helpers);
      const reasons: unknown[] = [];
      ven.streams.status$.subscribe(({ reason }) => reasons.push(reason));
      vtn.skew = 60 * MINUTE;
      vtn.events.push(drEvent({ createdAt: 60 * MINUTE }));
      await clock.sleep('11m');
      await stop();
      expect(steps).toEqual(['10 active 1']);
      expect(reasons).toContain("the VTN's clock is 60 min ahead; events go by the own one");
    }),
  );

  it(
    'moves what is armed when its own clock is set',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, steps } = await playVen(helpers);
      vtn.events.push(drEvent({ start: 70 * MINUTE }));
      await clock.sleep('5m');
      clock.setWallBy(60 * MINUTE);
      await clock.sleep('6m');
      await stop();
      expect(steps.map(rounded)).toEqual(['10.0 active 1']);
    }),
  );

  it.each(['1s', '3050ms', '3150ms', '3250ms', '10s', '2m', '6m', '15m', '42m', '50m'])(
    'leaves nothing when it is stopped after %s',
    async (span) => {
      await marbleTest(async (helpers) => {
        const { vtn, stop, clock, steps } = await playVen(helpers, { config: { reports: [REPORT] } });
        vtn.wanted.push(reportRequest());
        vtn.events.push(drEvent({ notification: 8 * MINUTE, rampUp: 5 * MINUTE, recovery: 5 * MINUTE }));
        await clock.sleep(span);
        await stop();
        const seen = steps.length + vtn.log.length;
        await clock.sleep('2h');
        expect(steps.length + vtn.log.length).toBe(seen);
      })();
    },
  );

  it(
    'wakes once a poll when it is idle',
    marbleTest(async (helpers) => {
      const { ven, stop, clock } = await playVen(helpers);
      await clock.sleep('1m');
      expect(ven.ledger()).toMatchObject([{ kind: 'timer' }]);
      await stop();
    }),
  );
});
