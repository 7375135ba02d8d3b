// The rules of the 2.0b profile for EiRegisterParty and EiReport, as a VTN sees a VEN keep them.
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { message } from '../../../examples/openadr/ven/protocol/message';
import { MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

/** A VEN that offers a report, of which the VTN wants something. */
async function wanting(helpers: MarbleHelpers, ...requests: readonly ReturnType<typeof reportRequest>[]) {
  const play = await playVen(helpers, { config: { reports: [REPORT], jitter: 0 } });
  play.vtn.wanted.push(...requests);
  return play;
}

describe('a VEN that registers', () => {
  it(
    'tells the VTN that it has no reports when it has none',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers);
      await clock.sleep('1m');
      await stop();
      expect(vtn.all('oadrRegisterReport').map(({ body }) => body.reports)).toEqual([[]]);
    }),
  );

  it(
    'acknowledges that it is to register again, and then does so as who it is',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers, { config: { jitter: 0 } });
      vtn.queue.push(message('oadrRequestReregistration', { venId: 'ven-1' }));
      await clock.sleep('15s');
      await stop();
      const [poll, ...behind] = vtn.log.map(({ message: { kind } }) => kind).slice(4);
      expect(poll).toBe('oadrPoll');
      expect(behind.slice(0, 3)).toEqual([
        'oadrResponse',
        'oadrQueryRegistration',
        'oadrCreatePartyRegistration',
      ]);
      expect(vtn.all('oadrResponse')[0]?.body).toMatchObject({ response: { code: '200' }, venId: 'ven-1' });
      expect(vtn.all('oadrCreatePartyRegistration')[1]?.body).toMatchObject({
        venId: 'ven-1',
        registrationId: 'reg-1',
      });
    }),
  );
});

describe('a VEN that reports', () => {
  it(
    'keeps to the interval that the VTN asks for',
    marbleTest(async (helpers) => {
      const start = helpers.clock.wallNow() + 10 * MINUTE;
      const { vtn, stop, clock } = await wanting(
        helpers,
        reportRequest({ interval: { start, duration: 10 * MINUTE } }),
      );
      await clock.sleep('40m');
      await stop();
      const samples = vtn
        .all('oadrUpdateReport')
        .flatMap(({ body }) => body.reports.flatMap(({ intervals }) => intervals?.list ?? []))
        .map((sample) => Math.round(((sample.start ?? 0) - start) / MINUTE));
      expect(samples).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }),
  );

  it(
    'sends nothing behind a cancel that wants no report to follow',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await wanting(helpers, reportRequest());
      await clock.sleep('7m');
      vtn.queue.push(
        message('oadrCancelReport', {
          requestId: 'c1',
          reportRequestIds: ['rr-1'],
          isReportToFollow: false,
          venId: 'ven-1',
        }),
      );
      const before = vtn.all('oadrUpdateReport').length;
      await clock.sleep('10m');
      await stop();
      expect(vtn.all('oadrUpdateReport').length).toBe(before);
      expect(vtn.all('oadrCanceledReport')[0]?.body.pending.requestIds).toEqual([]);
    }),
  );
});
