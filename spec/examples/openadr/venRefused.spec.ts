// A VTN that says no, or fails: it is seen, and the rest goes on.
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { type Message, message, type MessageKind } from '../../../examples/openadr/ven/protocol/message';
import type { VenStatus } from '../../../examples/openadr/ven/status';
import { VtnError } from '../../../examples/openadr/ven/Vtn';
import type { Script } from './support/FakeVtn';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

const no = (code: string, description: string) => ({ code, description, requestId: '' });
const ok = { code: '200', requestId: '' };
const outOfOrder = () => new VtnError('http-status', 'EiReport answered with HTTP status 500: "KeyError"');

/** Answers messages of a kind, and leaves the rest to the VTN. */
function to(kind: MessageKind, answer: () => ReturnType<Script>): Script {
  return (request) => (request.kind === kind ? answer() : undefined);
}

async function reporting(helpers: MarbleHelpers) {
  const play = await playVen(helpers, { config: { reports: [REPORT], jitter: 0 } });
  play.vtn.wanted.push(reportRequest({ reportBack: 60_000 }));
  const statuses: VenStatus[] = [];
  play.ven.streams.status$.subscribe((status) => statuses.push(status));
  return { ...play, statuses };
}

describe('a VTN that refuses a registration', () => {
  it.each<[string, Message]>([
    [
      'in its own words',
      message('oadrCreatedPartyRegistration', { response: no('463', 'who?'), vtnId: 'v' }),
    ],
    ['by a plain response', message('oadrResponse', { response: no('463', 'who?') })],
  ])('%s is told in the status and in the health, and asked again', async (_how, answer) => {
    await marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock, statuses } = await reporting(helpers);
      vtn.script = to('oadrCreatePartyRegistration', () => answer);
      await clock.sleep('5s');
      const reason = `oadrCreatePartyRegistration was refused by ${answer.kind} 463 who?`;
      expect(statuses.at(-1)).toEqual({ state: 'refused', venId: null, reason });
      expect(ven.health).toMatchObject({ status: 'bad', reason: expect.stringContaining(reason) });
      vtn.script = () => undefined;
      await clock.sleep('10s');
      expect(ven.health.status).toBe('good');
      expect(statuses.at(-1)?.state).toBe('registered');
      await stop();
    })();
  });

  it(
    'that it does not know any more is registered with anew, without the old id',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await reporting(helpers);
      await clock.sleep('5s');
      vtn.queue.push(message('oadrRequestReregistration', { venId: 'ven-1' }));
      vtn.script = ({ kind, body }) =>
        kind === 'oadrCreatePartyRegistration' && body.registrationId !== undefined
          ? message('oadrCreatedPartyRegistration', { response: no('452', 'unknown'), vtnId: 'vtn-1' })
          : undefined;
      await clock.sleep('20s');
      await stop();
      const ids = vtn
        .all('oadrCreatePartyRegistration')
        .map(({ body: { venId, registrationId } }) => ({ venId, registrationId }));
      const none = { venId: undefined, registrationId: undefined };
      expect(ids).toEqual([none, { venId: 'ven-1', registrationId: 'reg-1' }, none]);
    }),
  );

  it(
    'keeps the id of a VEN whose registration a poll has shown to be lost',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await reporting(helpers);
      await clock.sleep('5s');
      let isLost = true;
      vtn.script = to('oadrPoll', () => {
        if (!isLost) return undefined;
        isLost = false;
        return message('oadrResponse', { response: no('463', 'who?') });
      });
      await clock.sleep('20s');
      await stop();
      expect(vtn.all('oadrCreatePartyRegistration')[1]?.body).toMatchObject({ venId: 'ven-1' });
      expect(vtn.all('oadrCreatePartyRegistration')[1]?.body).not.toHaveProperty('registrationId');
    }),
  );
});

describe('a VTN that refuses an offer', () => {
  it.each<[string, () => ReturnType<Script>, RegExp]>([
    [
      'says no',
      () => message('oadrRegisteredReport', { response: no('461', 'no reports'), requests: [] }),
      /oadrRegisterReport was refused by oadrRegisteredReport 461 no reports/,
    ],
    ['answers with an HTTP error', outOfOrder, /HTTP status 500: "KeyError"/],
  ])('and %s makes the health bad, and is offered it again later', async (_how, answer, reason) => {
    await marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await reporting(helpers);
      vtn.script = to('oadrRegisterReport', answer);
      await clock.sleep('5m');
      expect(ven.health).toMatchObject({ status: 'bad', reason: expect.stringMatching(reason) });
      // More and more rarely, and the polls go on.
      expect(vtn.all('oadrRegisterReport').length).toBeLessThan(12);
      expect(vtn.all('oadrPoll').length).toBeGreaterThan(25);
      vtn.script = () => undefined;
      await clock.sleep('3m');
      expect(ven.health.status).toBe('good');
      expect(vtn.all('oadrUpdateReport').length).toBeGreaterThan(0);
      await stop();
    })();
  });
});

describe('a VTN that refuses a report', () => {
  it(
    'by its answer does not get it again, and the next one all the same',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await reporting(helpers);
      let refusals = 2;
      vtn.script = to('oadrUpdateReport', () =>
        refusals-- > 0 ? message('oadrUpdatedReport', { response: no('454', 'no unit') }) : undefined,
      );
      await clock.sleep('2m30s');
      expect(vtn.all('oadrUpdateReport')).toHaveLength(2);
      expect(ven.health).toMatchObject({
        status: 'bad',
        reason: expect.stringMatching(/oadrUpdateReport was refused by oadrUpdatedReport 454 no unit/),
      });
      await clock.sleep('1m');
      expect(ven.health.status).toBe('good');
      await stop();
    }),
  );

  it(
    'by an HTTP error while it answers to others gets it a few times, and then those behind it',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, clock } = await reporting(helpers);
      const setbacks: string[] = [];
      ven.streams.setbacks$.subscribe(({ what, failures }) => setbacks.push(`${what} ${failures}`));
      const first: string[] = [];
      vtn.script = ({ kind, body }) => {
        if (kind !== 'oadrUpdateReport') return undefined;
        const id = body.reports[0]?.reportId ?? '';
        first.push(id);
        return id === first[0] ? outOfOrder() : undefined;
      };
      await clock.sleep('85s');
      expect(setbacks).toEqual(['report 1', 'report 2', 'report 3', 'report 4']);
      expect(ven.health).toMatchObject({
        status: 'bad',
        reason: expect.stringMatching(/send failed at attempt 1: EiReport answered with HTTP status 500/),
      });
      await clock.sleep('2m');
      expect(new Set(first).size).toBe(3);
      expect(ven.health.status).toBe('good');
      await stop();
    }),
  );
});

describe('a VTN that is left', () => {
  const cancelled = 'oadrCancelPartyRegistration';
  it.each<[string, () => ReturnType<Script>, RegExp]>([
    [
      'does not know the message',
      () => message('oadrResponse', { response: no('453', 'not recognized') }),
      /^left all the same; .*oadrCancelPartyRegistration was refused by oadrResponse 453 not recognized$/,
    ],
    [
      'answers with another one',
      () => message('oadrResponse', { response: { ...ok, description: 'OK' } }),
      /^left all the same; .*oadrResponse 200 OK is no answer to oadrCancelPartyRegistration$/,
    ],
    ['is not there', () => new Error('nobody is there'), /^left all the same; .*nobody is there$/],
  ])('and %s is left all the same, which is said in one line and is no error', async (_how, answer, note) => {
    await marbleTest(async (helpers) => {
      const { vtn, stop, clock, statuses, errors } = await reporting(helpers);
      await clock.sleep('5s');
      vtn.script = to(cancelled, answer);
      await stop();
      expect(vtn.closed).toBe(1);
      expect(statuses.at(-1)).toEqual({
        state: 'cancelled',
        venId: null,
        reason: expect.stringMatching(note),
      });
      expect(errors).toEqual([]);
    })();
  });
});

describe('a VTN that cancels the registration', () => {
  it(
    'is told that it has, and gets nothing more',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, statuses } = await reporting(helpers);
      await clock.sleep('90s');
      vtn.queue.push(message(cancelPart, { requestId: 'c1', registrationId: 'reg-1', venId: 'ven-1' }));
      await clock.sleep('20s');
      const seen = vtn.log.length;
      await clock.sleep('10m');
      expect(vtn.log.length).toBe(seen);
      expect(vtn.log.at(-1)?.message).toMatchObject({
        kind: 'oadrCanceledPartyRegistration',
        body: { response: { code: '200', requestId: 'c1' }, registrationId: 'reg-1', venId: 'ven-1' },
      });
      expect(statuses.at(-1)).toMatchObject({ state: 'cancelled' });
      await stop();
      expect(vtn.log.length).toBe(seen);
    }),
  );

  it(
    'of somebody else is told that there is none, and the VEN stays',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, statuses } = await reporting(helpers);
      vtn.queue.push(message(cancelPart, { requestId: 'c1', registrationId: 'reg-9' }));
      await clock.sleep('1m');
      expect(vtn.all('oadrCanceledPartyRegistration')[0]?.body.response.code).toBe('452');
      expect(statuses.at(-1)?.state).toBe('registered');
      expect(vtn.all('oadrPoll').length).toBeGreaterThan(3);
      await stop();
    }),
  );
});

const cancelPart = 'oadrCancelPartyRegistration';

describe('a VTN that reports itself', () => {
  it(
    'may offer reports, of which the VEN wants none, and send none',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await reporting(helpers);
      const report = { descriptions: [], requestId: 'x', specifierId: 'y', createdAt: 0 };
      vtn.queue.push(
        message('oadrRegisterReport', { requestId: 'o1', reports: [], venId: 'ven-1' }),
        message('oadrUpdateReport', { requestId: 'u1', reports: [report], venId: 'ven-1' }),
      );
      await clock.sleep('1m');
      await stop();
      expect(vtn.all('oadrRegisteredReport').map(({ body }) => body)).toEqual([
        { response: { code: '200', description: 'OK', requestId: 'o1' }, requests: [], venId: 'ven-1' },
      ]);
      expect(vtn.all('oadrUpdatedReport')[0]?.body.response).toMatchObject({ code: '452', requestId: 'u1' });
    }),
  );
});

describe('a VTN that wants to be polled', () => {
  it.each([0, -1000])('every %d ms is polled as the config says', async (pollInterval) => {
    await marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await reporting(helpers);
      vtn.pollInterval = pollInterval;
      await clock.sleep('64s');
      await stop();
      expect(vtn.all('oadrPoll')).toHaveLength(6);
    })();
  });

  it(
    'is never polled sooner than that',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers);
      await clock.sleep('10m');
      await stop();
      const polls = vtn.all('oadrPoll').map(({ at }) => at);
      const gaps = polls.slice(1).map((at, index) => at - polls[index]!);
      expect(polls.length).toBeGreaterThan(50);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    }),
  );
});
