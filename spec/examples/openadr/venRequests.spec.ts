// What a VEN answers to what a VTN wants of its reports, and what becomes of it.
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { venConfig } from '../../../examples/openadr/ven/config';
import { type Body, encodeMessage, message } from '../../../examples/openadr/ven/protocol/message';
import type { ReportRequest } from '../../../examples/openadr/ven/protocol/report';
import { MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

type Parts = Parameters<typeof reportRequest>[0];

/** A VEN that offers one report of one point. */
async function offering(helpers: MarbleHelpers, ...wanted: readonly ReportRequest[]) {
  const play = await playVen(helpers, { config: { reports: [REPORT], jitter: 0 } });
  const { vtn, clock } = play;
  vtn.wanted.push(...wanted);
  const tell = (...told: Parameters<typeof vtn.queue.push>) => vtn.queue.push(...told);
  return {
    ...play,
    /** What the VEN has answered to requests: its code, and what it says to be pending. */
    created: () => vtn.all('oadrCreatedReport').map(({ body }) => answered(body)),
    canceled: () => vtn.all('oadrCanceledReport').map(({ body }) => answered(body)),
    ask: (...requests: readonly ReportRequest[]) =>
      tell(message('oadrCreateReport', { requestId: 'q1', requests, venId: 'ven-1' })),
    cancel: (reportRequestIds: readonly string[], isReportToFollow: boolean) =>
      tell(
        message('oadrCancelReport', { requestId: 'q2', reportRequestIds, isReportToFollow, venId: 'ven-1' }),
      ),
    /** The requests that reports came for, each with its minute and how many samples it had. */
    sent: () =>
      vtn
        .all('oadrUpdateReport')
        .flatMap(({ at, body }) =>
          body.reports.map(
            ({ requestId, intervals }) =>
              `${Math.round(at / MINUTE)} ${requestId} ${intervals?.list.length ?? 0}`,
          ),
        ),
    kinds: () => vtn.log.map(({ message: { kind } }) => kind.slice('oadr'.length)),
    wait: (span: Parameters<typeof clock.sleep>[0]) => clock.sleep(span),
  };
}

function answered({ response, pending }: Body<'oadrCreatedReport' | 'oadrCanceledReport'>): string {
  return `${response.code} ${response.requestId === '' ? '?' : pending.requestIds.join()}`;
}

describe('a request for a report', () => {
  it.each<[string, Parts]>([
    ['of a report that was never offered', { specifierId: 'weather' }],
    ['of a point that was never offered', { payloads: [{ rId: 'sun', readingType: 'Direct Read' }] }],
    [
      'of a point that was offered and one that was not',
      {
        payloads: [
          { rId: 'power', readingType: 'Direct Read' },
          { rId: 'sun', readingType: 'Direct Read' },
        ],
      },
    ],
  ])('%s is answered with the code for an unknown id, and nothing is reported', async (_what, parts) => {
    await marbleTest(async (helpers) => {
      const { stop, wait, created, ask, sent } = await offering(helpers);
      ask(reportRequest(parts));
      await wait('20m');
      await stop();
      expect(created()).toEqual(['452 ']);
      expect(sent()).toEqual([]);
    })();
  });

  it.each<[string, Parts]>([
    ['of no point', { payloads: [] }],
    ['with a span of less than nothing', { reportBack: -MINUTE }],
    ['for an interval that is over', { interval: { start: -30 * MINUTE, duration: 10 * MINUTE } }],
  ])('%s is answered with the code for invalid data', async (_what, parts) => {
    await marbleTest(async (helpers) => {
      const { stop, wait, created, ask } = await offering(helpers);
      ask(reportRequest(parts));
      await wait('1m');
      await stop();
      expect(created()).toEqual(['454 ']);
    })();
  });

  it(
    'ten times a second is answered with the code for invalid data',
    marbleTest(async (helpers) => {
      const { vtn, stop, wait, created } = await offering(helpers);
      const requests = [reportRequest({ granularity: 7_000 })];
      const wanted = encodeMessage(message('oadrCreateReport', { requestId: 'q1', requests }));
      let isAsked = false;
      vtn.script = ({ kind }) => {
        if (kind !== 'oadrPoll' || isAsked) return undefined;
        isAsked = true;
        return wanted.replace('PT7S', 'PT0.1S');
      };
      await wait('1m');
      await stop();
      expect(created()).toEqual(['454 ']);
    }),
  );

  it(
    'that cannot be done leaves those that can, and in an answer to an offer, too',
    marbleTest(async (helpers) => {
      const strange = reportRequest({ specifierId: 'weather' }, 'rr-2');
      const { stop, wait, created, sent } = await offering(helpers, reportRequest(), strange);
      await wait('6m');
      await stop();
      expect(created()).toEqual(['452 rr-1']);
      expect(sent()).toEqual(['5 rr-1 5']);
    }),
  );

  it(
    'is acknowledged by an answer that names all that are still pending',
    marbleTest(async (helpers) => {
      const { stop, wait, created, canceled, ask, cancel } = await offering(helpers, reportRequest());
      ask(reportRequest({}, 'rr-2'), reportRequest({}, 'rr-3'));
      await wait('1m');
      cancel(['rr-2'], false);
      await wait('1m');
      ask(reportRequest({}, 'rr-4'));
      await wait('1m');
      await stop();
      expect(created()).toEqual(['200 rr-1', '200 rr-1,rr-2,rr-3', '200 rr-1,rr-3,rr-4']);
      expect(canceled()).toEqual(['200 rr-1,rr-3']);
    }),
  );

  it(
    'under an id that there is already takes the place of the one before it',
    marbleTest(async (helpers) => {
      const { stop, wait, created, ask, sent } = await offering(helpers, reportRequest());
      await wait('2m');
      ask(reportRequest({ reportBack: 2 * MINUTE }));
      await wait('5m');
      await stop();
      expect(created()).toEqual(['200 rr-1', '200 rr-1']);
      expect(sent()).toEqual(['4 rr-1 2', '6 rr-1 2']);
    }),
  );

  it(
    'is answered before its first report is sent',
    marbleTest(async (helpers) => {
      const { stop, wait, kinds, ask, created, sent, cancel, canceled } = await offering(helpers);
      ask(reportRequest({ granularity: 0, reportBack: 0 }));
      await wait('30s');
      cancel(['rr-1'], false);
      await wait('30s');
      await stop();
      expect(kinds().indexOf('CreatedReport')).toBeLessThan(kinds().indexOf('UpdateReport'));
      expect(created()).toEqual(['200 rr-1']);
      expect(sent()).toEqual(['0 rr-1 1']);
      // It has been delivered, and is not pending any more.
      expect(canceled()).toEqual(['452 ']);
    }),
  );

  it(
    'is done also when the VTN does not take the answer to it',
    marbleTest(async (helpers) => {
      const { vtn, ven, stop, wait, ask, sent } = await offering(helpers);
      vtn.script = ({ kind }) =>
        kind === 'oadrCreatedReport'
          ? message('oadrResponse', { response: { code: '452', description: 'no', requestId: '' } })
          : undefined;
      ask(reportRequest());
      await wait('1m');
      expect(ven.health.reason).toMatch(/oadrCreatedReport was refused by oadrResponse 452 no/);
      await wait('6m');
      await stop();
      expect(sent()).toEqual(['5 rr-1 5']);
    }),
  );
});

describe('the interval of a report', () => {
  const in10 = (helpers: MarbleHelpers, duration: number) => ({
    start: helpers.clock.wallNow() + 10 * MINUTE,
    duration,
  });

  it(
    'of no length goes on until it is cancelled',
    marbleTest(async (helpers) => {
      const wanted = reportRequest({ interval: in10(helpers, 0) });
      const { stop, wait, sent } = await offering(helpers, wanted);
      await wait('26m');
      await stop();
      expect(sent()).toEqual(['15 rr-1 5', '20 rr-1 5', '25 rr-1 5']);
    }),
  );

  it(
    'ends with a report of what there is, and the request is not pending any more',
    marbleTest(async (helpers) => {
      const wanted = reportRequest({ interval: in10(helpers, 7 * MINUTE) });
      const { stop, wait, sent, ask, created } = await offering(helpers, wanted);
      await wait('30m');
      ask(reportRequest({}, 'rr-2'));
      await wait('1m');
      await stop();
      expect(sent()).toEqual(['15 rr-1 5', '17 rr-1 2']);
      expect(created()).toEqual(['200 rr-1', '200 rr-2']);
    }),
  );

  it(
    'that is under way is entered where it is, on its own grid',
    marbleTest(async (helpers) => {
      const start = helpers.clock.wallNow() - 150_000;
      const { vtn, stop, wait, sent } = await offering(
        helpers,
        reportRequest({ interval: { start, duration: 8 * MINUTE } }),
      );
      await wait('10m');
      await stop();
      expect(sent()).toEqual(['3 rr-1 3', '6 rr-1 3']);
      const [first] = vtn.all('oadrUpdateReport')[0]!.body.reports[0]!.intervals!.list;
      expect((first!.start! - start) / MINUTE).toBeCloseTo(3, 3);
    }),
  );

  it(
    'without a span to report back after is told of once, at its end',
    marbleTest(async (helpers) => {
      const wanted = reportRequest({ reportBack: 0, interval: in10(helpers, 5 * MINUTE) });
      const { stop, wait, sent } = await offering(helpers, wanted);
      await wait('40m');
      await stop();
      expect(sent()).toEqual(['15 rr-1 5']);
    }),
  );

  it.each<[string, number, number, readonly string[]]>([
    ['nothing but a report back', 0, 2 * MINUTE, ['2 rr-1 1', '4 rr-1 1']],
    ['neither of them', 0, 0, ['0 rr-1 1']],
    ['a granularity only, and no end', MINUTE, 0, ['0 rr-1 1']],
    ['a report back that is no multiple of the granularity', 2 * MINUTE, 3 * MINUTE, ['3 rr-1 1']],
    ['a report back that is shorter than the granularity', 3 * MINUTE, MINUTE, ['3 rr-1 1']],
  ])('with %s is sampled accordingly', async (_what, granularity, reportBack, expected) => {
    await marbleTest(async (helpers) => {
      const { stop, wait, sent } = await offering(helpers, reportRequest({ granularity, reportBack }));
      await wait('5m');
      await stop();
      expect(sent()).toEqual(expected);
    })();
  });
});

describe('the cancel of a report', () => {
  it(
    'that wants one more is answered first, and it is pending until it has been sent',
    marbleTest(async (helpers) => {
      const { stop, wait, kinds, cancel, canceled, sent, ask, created } = await offering(
        helpers,
        reportRequest(),
        reportRequest({}, 'rr-2'),
      );
      await wait('7m');
      cancel(['rr-1'], true);
      await wait('2m');
      ask(reportRequest({}, 'rr-3'));
      await wait('30s');
      await stop();
      expect(canceled()).toEqual(['200 rr-1,rr-2']);
      expect(created().at(-1)).toBe('200 rr-2,rr-3');
      expect(sent()).toEqual(['5 rr-1 5', '5 rr-2 5', '7 rr-1 2']);
      expect(kinds().indexOf('CanceledReport')).toBeLessThan(kinds().lastIndexOf('UpdateReport'));
    }),
  );

  it(
    'that wants one more gets one of now when there is nothing else',
    marbleTest(async (helpers) => {
      const { stop, wait, cancel, sent } = await offering(helpers, reportRequest());
      await wait('30s');
      cancel(['rr-1'], true);
      await wait('5m');
      await stop();
      expect(sent()).toEqual(['1 rr-1 1']);
    }),
  );

  it(
    'before its interval has begun is followed by nothing',
    marbleTest(async (helpers) => {
      const start = helpers.clock.wallNow() + 30 * MINUTE;
      const { stop, wait, cancel, sent, canceled } = await offering(
        helpers,
        reportRequest({ interval: { start, duration: 0 } }),
      );
      await wait('5m');
      cancel(['rr-1'], true);
      await wait('1h');
      cancel(['rr-1'], true);
      await wait('1m');
      await stop();
      expect(sent()).toEqual([]);
      expect(canceled()).toEqual(['200 rr-1', '452 ']);
    }),
  );

  it(
    'of one that nobody knows gets the code for an unknown id, and those that are known are cancelled',
    marbleTest(async (helpers) => {
      const { stop, wait, cancel, canceled, sent } = await offering(helpers, reportRequest());
      await wait('1m');
      cancel(['nobody', 'rr-1'], false);
      await wait('10m');
      await stop();
      expect(canceled()).toEqual(['452 ']);
      expect(sent()).toEqual([]);
    }),
  );

  it.each([
    [true, ['5 rr-1 5', '5 rr-2 5', '5 rr-2 1']],
    [false, ['5 rr-1 5', '5 rr-2 5']],
  ])('comes in the answer to a report, too, with one to follow: %s', async (isReportToFollow, expected) => {
    await marbleTest(async (helpers) => {
      const { vtn, stop, wait, sent, canceled } = await offering(
        helpers,
        reportRequest(),
        reportRequest({}, 'rr-2'),
      );
      let isCancelled = false;
      vtn.script = ({ kind, body }) => {
        if (kind !== 'oadrUpdateReport' || body.reports[0]?.requestId !== 'rr-2' || isCancelled)
          return undefined;
        isCancelled = true;
        const cancelReport = { requestId: 'c', reportRequestIds: ['rr-2'], isReportToFollow };
        return message('oadrUpdatedReport', { response: { code: '200', requestId: '' }, cancelReport });
      };
      await wait('9m');
      await stop();
      expect(sent()).toEqual(expected);
      expect(canceled()).toEqual([]);
    })();
  });

  it(
    'of what waits for a VTN that is down keeps it from being sent',
    marbleTest(async (helpers) => {
      const { vtn, stop, wait, cancel, sent } = await offering(helpers, reportRequest());
      await wait('4m');
      vtn.script = ({ kind }) => (kind === 'oadrUpdateReport' ? new Error('busy') : undefined);
      await wait('62s');
      cancel(['rr-1'], false);
      await wait('8s');
      vtn.script = () => undefined;
      const before = sent().length;
      await wait('10m');
      await stop();
      expect(sent().slice(before)).toEqual([]);
    }),
  );
});

describe('the offer of a VEN', () => {
  it(
    'is told again when the VTN asks for it, with the id of the request, and ends the reports before it',
    marbleTest(async (helpers) => {
      const { vtn, stop, wait, ask, created, sent, cancel, canceled } = await offering(
        helpers,
        reportRequest(),
      );
      await wait('2m');
      vtn.wanted.splice(0);
      const payloads = [{ rId: 'METADATA', readingType: 'x-notApplicable' }];
      ask(reportRequest({ specifierId: 'METADATA', granularity: 0, reportBack: 0, payloads }, 'm-1'));
      await wait('1m');
      cancel(['rr-1'], false);
      await wait('10m');
      await stop();
      expect(created()).toEqual(['200 rr-1', '200 rr-1,m-1']);
      const [first, second] = vtn.all('oadrRegisterReport').map(({ body }) => body);
      expect(first).not.toHaveProperty('reportRequestId');
      expect(second).toMatchObject({ reportRequestId: 'm-1', reports: [{ requestId: '0' }] });
      expect(vtn.all('oadrRegisterReport')).toHaveLength(2);
      expect(canceled()).toEqual(['452 ']);
      expect(sent()).toEqual([]);
    }),
  );

  it(
    'has a unit for what is used, the length of what is kept, and neither a beginning nor intervals',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock } = await playVen(helpers, {
        config: {
          reports: [REPORT, { specifierId: 'state', name: 'TELEMETRY_STATUS', points: [{ rId: 'on' }] }],
        },
      });
      await clock.sleep('10s');
      await stop();
      const [usage, status] = vtn.all('oadrRegisterReport')[0]!.body.reports;
      expect(usage).toMatchObject({
        duration: 60 * MINUTE,
        name: 'METADATA_TELEMETRY_USAGE',
        descriptions: [
          {
            reportType: 'usage',
            readingType: 'Direct Read',
            unit: { kind: 'power:powerReal', units: 'W', scale: 'k' },
            samplingRate: { minPeriod: 10_000, isOnChange: false },
          },
        ],
      });
      for (const key of ['start', 'intervals', 'reportId']) expect(usage).not.toHaveProperty(key);
      expect(status).toMatchObject({
        descriptions: [{ reportType: 'x-resourceStatus', readingType: 'x-notApplicable' }],
      });
      expect(status!.descriptions[0]).not.toHaveProperty('unit');
    }),
  );

  it('cannot have two reports of one id, or two points', () => {
    expect(() => readReports([REPORT, REPORT])).toThrow(/specifierId usage is given twice/);
    const { points } = REPORT;
    expect(() => readReports([{ ...REPORT, points: [...points, ...points] }])).toThrow(
      /rId power is given twice/,
    );
  });
});

describe('a report of what has been', () => {
  const HISTORY = {
    specifierId: 'usage',
    name: 'HISTORY_USAGE' as const,
    duration: '20m',
    points: [
      { rId: 'power', minPeriod: '1m' },
      { rId: 'heat', minPeriod: '2m' },
    ],
  };

  /** What a VEN says of the past at minute 30, by the minutes of its samples, which are three seconds behind each. */
  async function recall(helpers: MarbleHelpers, parts: Parts) {
    let failures = 2;
    const { vtn, ven, stop, clock } = await playVen(helpers, {
      config: { reports: [HISTORY], jitter: 0 },
      measure: ({ rId }) => {
        if (rId === 'power' && Math.floor(helpers.clock.now() / MINUTE) === 20 && failures-- > 0)
          throw new Error('no line');
        return 1;
      },
    });
    const origin = clock.wallNow();
    await clock.sleep('30m');
    expect(ven.health.status).toBe('good');
    const requests = [reportRequest(parts)];
    vtn.queue.push(message('oadrCreateReport', { requestId: 'q1', requests }));
    await clock.sleep('12m');
    await stop();
    return vtn
      .all('oadrUpdateReport')
      .map(({ body }) =>
        body.reports[0]!.intervals!.list.map(
          ({ start = 0, payloads }) =>
            `${Math.round((start - origin) / MINUTE)}${payloads.length > 1 ? ' both' : ''}`,
        ),
      );
  }
  const minutes = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from + 1 }, (_minute, index) => String(from + index));

  it.each<[string, Parts, readonly (readonly string[])[]]>([
    [
      'has what was measured in the interval, without what could not be',
      { granularity: 0, reportBack: 0, interval: { start: 18 * MINUTE, duration: 5 * MINUTE } },
      [['18', '19', '21', '22']],
    ],
    [
      'goes back for as long as was offered',
      { granularity: 0, reportBack: 0, interval: { start: 0, duration: 14 * MINUTE } },
      [minutes(10, 13)],
    ],
    [
      'is at most as fine as it was asked for',
      { granularity: 5 * MINUTE, reportBack: 0, interval: { start: 21 * MINUTE, duration: 9 * MINUTE } },
      [['21', '26']],
    ],
    [
      'may be of points together',
      {
        granularity: 0,
        reportBack: 0,
        interval: { start: 18 * MINUTE, duration: 3 * MINUTE },
        payloads: [
          { rId: 'power', readingType: 'Direct Read' },
          { rId: 'heat', readingType: 'Direct Read' },
        ],
      },
      [['18 both', '19 both', '20']],
    ],
    [
      'comes again and again when that is asked for',
      { granularity: 0, reportBack: 5 * MINUTE, interval: { start: 25 * MINUTE, duration: 15 * MINUTE } },
      [minutes(25, 34), minutes(35, 39)],
    ],
    [
      'without an interval has all that there is',
      { granularity: 0, reportBack: 0 },
      [minutes(10, 30).filter((minute) => minute !== '20')],
    ],
  ])('%s', async (_title, parts, expected) => {
    await marbleTest(async (helpers) => {
      expect(await recall(helpers, parts)).toEqual(expected);
    })();
  });
});

function readReports(reports: unknown): unknown {
  return venConfig.parse({ venName: 'v', vtnUrl: 'https://vtn.example.com', reports });
}
