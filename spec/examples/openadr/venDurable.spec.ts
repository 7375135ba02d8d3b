import { everyCrash, marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { drEvent } from './support/drEvent';
import { VEN_ID } from './support/FakeVtn';
import { MINUTE } from './support/drEvent';
import { type Play, playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

/** A VEN that outlives its process, which measures 1, 2, 3 …; what it has measured, and how it is. */
async function durableVen(
  helpers: Pick<MarbleHelpers, 'host' | 'clock'>,
): Promise<Play & { readonly measured: number[] }> {
  const measured: number[] = [];
  const play = await playVen(helpers, {
    durable: true,
    config: { jitter: 0, reports: [REPORT] },
    measure: () => measured.push(measured.length + 1),
  });
  // The handle is of the first life.
  const stop = async (): Promise<void> => {
    const { left } = (await helpers.host.agents.get('ven')?.stop()) ?? {};
    expect(left).toEqual([]);
  };
  return { ...play, measured, stop };
}

/** The values that the VTN has taken, in the order in which they came; a report that came twice counts once. */
function valuesIn({ vtn }: Play): number[] {
  const reports = vtn.all('oadrUpdateReport').flatMap(({ body }) => body.reports);
  const byId = new Map(reports.map((report) => [report.reportId, report]));
  return [...byId.values()]
    .flatMap(({ intervals }) => intervals?.list ?? [])
    .flatMap(({ payloads }) => payloads.flatMap(({ value }) => value ?? []));
}

describe('a VEN that outlives its process', () => {
  it(
    'follows an event from where it is, under the same registration',
    marbleTest(async (helpers) => {
      const { clock, crash } = helpers;
      const play = await durableVen(helpers);
      const { vtn, signals } = play;
      vtn.events.push(drEvent({ rampUp: 5 * MINUTE, recovery: 5 * MINUTE }));
      crash('15m', { down: '1m' });
      crash('25m', { down: '30s' });
      await clock.sleep('1h');
      await play.stop();
      expect(signals).toEqual([
        '0.05 idle 0',
        '5 ramp-up 1',
        '10 active 1',
        '16.05 active 1',
        '20 active 2',
        '25.55 active 2',
        '40 ramp-down 0',
        '45 idle 0',
      ]);
      expect(vtn.all('oadrCreatePartyRegistration')).toHaveLength(1);
      const polls = vtn.all('oadrPoll');
      expect(polls.at(-1)!.at).toBeGreaterThan(59 * MINUTE);
      expect(new Set(polls.map(({ body }) => body.venId))).toEqual(new Set([VEN_ID]));
      expect(play.errors).toEqual([]);
    }),
  );

  it(
    'hears at once what has become of its events meanwhile',
    marbleTest(async (helpers) => {
      const { clock, crash } = helpers;
      const { vtn, signals, stop } = await durableVen(helpers);
      vtn.events.push(drEvent());
      crash('15m', { down: '2m' });
      await clock.sleep('16m');
      vtn.events.splice(0);
      await clock.sleep('20m');
      await stop();
      expect(signals.slice(-3)).toEqual([
        '10 active 1',
        '17.05 active 1',
        expect.stringMatching(/^17.\d+ idle 0$/),
      ]);
    }),
  );

  it(
    'keeps its registration when it is stopped',
    marbleTest(async (helpers) => {
      const { clock } = helpers;
      const { vtn, stop } = await durableVen(helpers);
      await clock.sleep('1m');
      await stop();
      expect(vtn.all('oadrCancelPartyRegistration')).toEqual([]);
      expect(vtn.closed).toBe(1);
    }),
  );

  it(
    'registers anew when the VTN has forgotten it',
    marbleTest(async (helpers) => {
      const { clock, crash, host } = helpers;
      const { vtn, stop } = await durableVen(helpers);
      crash('1m', { down: '1m' });
      await clock.sleep('90s');
      vtn.script = ({ kind }) =>
        kind === 'oadrPoll'
          ? { kind: 'oadrResponse', body: { response: { code: '463', description: 'who?', requestId: '' } } }
          : undefined;
      await clock.sleep('2m');
      vtn.script = () => undefined;
      await clock.sleep('5m');
      expect(vtn.all('oadrCreatePartyRegistration').length).toBeGreaterThan(1);
      expect(host.agents.get('ven')?.state).toBe('ready');
      await stop();
    }),
  );

  it(
    'loses no value of a report, while the VTN is away either',
    marbleTest(async (helpers) => {
      const { clock, crash } = helpers;
      const play = await durableVen(helpers);
      const { vtn, measured } = play;
      vtn.wanted.push(reportRequest({ granularity: MINUTE, reportBack: 10 * MINUTE }));
      crash('15m30s', { down: '3m' });
      crash('45m30s', { down: '30s' });
      await clock.sleep('35m');
      vtn.isDown = true;
      await clock.sleep('20m');
      vtn.isDown = false;
      await clock.sleep('16m');
      await play.stop();
      expect(measured.length).toBeGreaterThan(60);
      const values = valuesIn(play);
      expect(values).toEqual(measured.slice(0, values.length));
      expect(values.length).toBeGreaterThan(55);
    }),
  );

  it(
    'does so wherever the process ends',
    everyCrash(
      async (helpers) => {
        const { clock } = helpers;
        const play = await durableVen(helpers);
        const { vtn, measured } = play;
        vtn.events.push(drEvent());
        vtn.wanted.push(reportRequest({ granularity: 2 * MINUTE, reportBack: 6 * MINUTE }));
        await clock.sleep('21m');
        await play.stop();
        expect(play.signals.at(-1)).toMatch(/active 2$/);
        const values = valuesIn(play);
        // A sample that was being taken when the process ended is none.
        expect(values.length).toBeGreaterThan(4);
        expect(
          measured.filter((value) => value <= Math.max(...values) && !values.includes(value)).length,
        ).toBeLessThan(2);
        expect(play.errors).toEqual([]);
      },
      { down: '20s' },
    ),
  );
});
