import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { message } from '../../../examples/openadr/ven/protocol/message';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

/** A VEN that offers a report, of which the VTN wants a sample a minute, five at a time. */
async function reporting(helpers: MarbleHelpers) {
  const play = await playVen(helpers, { config: { reports: [REPORT], jitter: 0 } });
  play.vtn.wanted.push(reportRequest());
  const sent = () =>
    play.vtn.all('oadrUpdateReport').map(({ at, body }) => {
      const values = body.reports.flatMap(({ intervals }) => intervals?.list ?? []);
      return `${Math.floor(at / 60_000)}: ${values.length}`;
    });
  return { ...play, sent };
}

describe('the reports of a VEN', () => {
  it(
    'are offered as METADATA, sampled at the granularity and sent in batches',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, sent } = await reporting(helpers);
      await clock.sleep('11m');
      await stop();
      const [offer] = vtn.all('oadrRegisterReport');
      expect(offer?.body.reports[0]).toMatchObject({
        name: 'METADATA_TELEMETRY_USAGE',
        specifierId: 'usage',
        descriptions: [{ rId: 'power' }],
      });
      expect(vtn.all('oadrCreatedReport')[0]?.body.pending.requestIds).toEqual(['rr-1']);
      expect(sent()).toEqual(['5: 5', '10: 5']);
    }),
  );

  it(
    'are kept while the VTN is down, and sent when it is back',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, sent } = await reporting(helpers);
      await clock.sleep('4m');
      vtn.isDown = true;
      await clock.sleep('7m');
      vtn.isDown = false;
      const before = vtn.all('oadrUpdateReport').length;
      await clock.sleep('3m');
      await stop();
      // When the next try is depends on the jitter.
      expect(
        sent()
          .slice(before)
          .map((line) => line.replace(/^1[12]: /, '')),
      ).toEqual(['5', '5']);
    }),
  );

  it(
    'end when they are cancelled, with what was sampled by then',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, sent } = await reporting(helpers);
      await clock.sleep('7m');
      vtn.queue.push(
        message('oadrCancelReport', {
          requestId: 'c1',
          reportRequestIds: ['rr-1'],
          isReportToFollow: true,
          venId: 'ven-1',
        }),
      );
      await clock.sleep('10m');
      await stop();
      expect(sent()).toEqual(['5: 5', '7: 2']);
      expect(vtn.all('oadrCanceledReport')).toHaveLength(1);
    }),
  );

  it(
    'are not sampled when nobody wants them',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers, { config: { reports: [REPORT] } });
      await clock.sleep('20m');
      await stop();
      expect(vtn.all('oadrUpdateReport')).toEqual([]);
    }),
  );
});
