// One bad reading is never the end of a report.
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import type { Measure } from '../../../examples/openadr/ven/measuring';
import { playVen } from './support/playVen';
import { reportRequest } from './support/reports';

const TWO_POINTS = { specifierId: 'usage', points: [{ rId: 'power' }, { rId: 'heat' }] };

/** A VEN that reports two points, a sample a minute, and what it sends of them: for each sample its values by point. */
async function measuring(helpers: MarbleHelpers, measure: Measure) {
  const play = await playVen(helpers, { measure, config: { reports: [TWO_POINTS], jitter: 0 } });
  const payloads = ['power', 'heat'].map((rId) => ({ rId, readingType: 'Direct Read' }));
  play.vtn.wanted.push(reportRequest({ payloads, reportBack: 120_000 }));
  const samples = () =>
    play.vtn
      .all('oadrUpdateReport')
      .flatMap(({ body }) => body.reports.flatMap(({ intervals }) => intervals?.list ?? []))
      .map(({ payloads: measured }) =>
        measured
          .map(({ rId, value, quality }) => `${rId} ${value}${quality === undefined ? '' : ` (${quality})`}`)
          .join(),
      );
  return { ...play, samples };
}

/** Heat is measured by something else for the first three minutes; power always works. */
function badAtFirst(now: () => number, bad: () => ReturnType<Measure>): Measure {
  return ({ rId }) => (rId === 'heat' && now() < 210_000 ? bad() : 1);
}

describe('a sensor that fails', () => {
  const unreadable = (): never => {
    throw new Proxy(
      {},
      {
        get: () => {
          throw new Error('not even this');
        },
      },
    );
  };
  const cases: readonly (readonly [string, () => ReturnType<Measure>, RegExp])[] = [
    ['throws', () => throwing('burnt out'), /heat cannot be measured: burnt out/],
    ['rejects', () => Promise.reject(new Error('no line')), /heat cannot be measured: no line/],
    ['throws what cannot be read', unreadable, /heat cannot be measured: an error that cannot be read/],
    ['gives no number', () => NaN, /heat cannot be measured: NaN is no number/],
    ['gives nothing', () => undefined as unknown as number, /undefined is no number/],
    ['gives null', () => null as unknown as number, /is no number/],
    ['gives a text', () => '21' as unknown as number, /21 is no number/],
    ['does not answer', () => new Promise<never>(() => undefined), /no value within 10000 ms/],
  ];

  it.each(cases)(
    'that %s costs the sample that point only, for as long as it fails',
    async (_how, bad, reason) => {
      await marbleTest(async (helpers) => {
        const { ven, stop, clock, samples, errors } = await measuring(
          helpers,
          badAtFirst(() => helpers.clock.now(), bad),
        );
        await clock.sleep('150s');
        expect(ven.health).toMatchObject({ status: 'bad', reason: expect.stringMatching(reason) });
        await clock.sleep('5m');
        expect(ven.health.status).toBe('good');
        await stop();
        expect(samples()).toEqual(['power 1', 'power 1', 'power 1', ...Array(3).fill('power 1,heat 1')]);
        // It is told once, not at each sample.
        expect(errors).toHaveLength(1);
      })();
    },
  );

  it(
    'alone sends no report, and the next one comes when it works',
    marbleTest(async (helpers) => {
      const { ven, stop, clock, samples } = await measuring(helpers, () =>
        helpers.clock.now() < 210_000 ? throwing('burnt out') : 2,
      );
      await clock.sleep('150s');
      expect(samples()).toEqual([]);
      expect(ven.health.reason).toMatch(/heat cannot be measured: burnt out; power cannot be measured/);
      await clock.sleep('5m');
      await stop();
      expect(samples()).toEqual(Array(3).fill('power 2,heat 2'));
    }),
  );

  it(
    'may give its last value with a quality, which is sent, and bad health all the same',
    marbleTest(async (helpers) => {
      const quality = 'Quality Bad - Last Known Value';
      const { ven, stop, clock, samples } = await measuring(
        helpers,
        badAtFirst(
          () => helpers.clock.now(),
          () => ({ value: 7, quality }),
        ),
      );
      await clock.sleep('150s');
      expect(ven.health.reason).toMatch(/heat cannot be measured: Quality Bad - Last Known Value/);
      await clock.sleep('2m30s');
      expect(ven.health.status).toBe('good');
      await stop();
      expect(samples()).toEqual([...Array(3).fill(`power 1,heat 7 (${quality})`), 'power 1,heat 1']);
    }),
  );

  it(
    'is forgotten with the report that it was measured for',
    marbleTest(async (helpers) => {
      const { ven, vtn, stop, clock } = await measuring(helpers, () => throwing('burnt out'));
      await clock.sleep('90s');
      expect(ven.health.status).toBe('bad');
      vtn.queue.push({
        kind: 'oadrCancelReport',
        body: { requestId: 'c', reportRequestIds: ['rr-1'], isReportToFollow: false },
      });
      await clock.sleep('1m');
      expect(ven.health.status).toBe('good');
      await stop();
    }),
  );
});

describe('a measurement', () => {
  it(
    'is aborted when it takes too long, and when the VEN stops',
    marbleTest(async (helpers) => {
      const aborted: number[] = [];
      const { stop, clock } = await measuring(helpers, (_point, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(Math.round(helpers.clock.now() / 1000)));
        return new Promise<never>(() => undefined);
      });
      await clock.sleep('2m5s');
      await stop();
      expect(aborted).toEqual([73, 73, 125, 125]);
    }),
  );

  it(
    'may be the state of something instead of a number',
    marbleTest(async (helpers) => {
      const status = { isOnline: true, isOverridden: false };
      const reports = [
        { specifierId: 'usage', name: 'TELEMETRY_STATUS' as const, points: [{ rId: 'power' }] },
      ];
      const { vtn, stop, clock } = await playVen(helpers, {
        measure: () => ({ status }),
        config: { reports, jitter: 0 },
      });
      vtn.wanted.push(reportRequest({ granularity: 0, reportBack: 0 }));
      await clock.sleep('10s');
      await stop();
      expect(vtn.all('oadrUpdateReport')[0]?.body.reports[0]).toMatchObject({
        name: 'TELEMETRY_STATUS',
        intervals: { list: [{ payloads: [{ rId: 'power', status }] }] },
      });
    }),
  );
});

function throwing(reason: string): never {
  throw new Error(reason);
}
