// What a person sees of a VEN, whatever VTN it is with.
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { Board, LANES } from '../../../examples/openadr/show/Board';
import { cellsOf } from '../../../examples/openadr/show/cellsOf';
import { Tally } from '../../../examples/openadr/show/Tally';
import { message } from '../../../examples/openadr/ven/protocol/message';
import { VtnError } from '../../../examples/openadr/ven/Vtn';
import { drEvent, MINUTE } from './support/drEvent';
import { playVen } from './support/playVen';
import { REPORT, reportRequest } from './support/reports';

/** A VEN with a VTN of another make, and the lanes and the summary of it. */
async function shown(helpers: MarbleHelpers, options: Parameters<typeof playVen>[1] = {}) {
  const { host, clock } = helpers;
  const tally = new Tally(10);
  const board = new Board((_style, text) => text, LANES);
  const lines: string[] = [];
  host.outputs$.subscribe((output) => tally.add(output));
  host.errors$.subscribe((error) => tally.fail(error));
  cellsOf(host, () => clock.now()).subscribe(({ at, ...cell }) => lines.push(...board.lines(at, cell)));
  const play = await playVen(helpers, { ...options, config: { reports: [REPORT], jitter: 0 } });
  play.vtn.wanted.push(reportRequest());
  play.vtn.events.push(drEvent({ start: 5 * MINUTE }));
  /** The lines without their times and empty lanes. */
  const text = () =>
    lines.map((line) =>
      line
        .replace(/^[\d: ]+/, '')
        .replace(/[·│┊┃▁-█ ]+/g, ' ')
        .trim(),
    );
  return { ...play, text, summary: () => tally.lines() };
}

describe('what is shown of a VEN', () => {
  it(
    'counts what the VEN knows, though the VTN tells nothing of itself',
    marbleTest(async (helpers) => {
      const { stop, clock, summary, text } = await shown(helpers);
      await clock.sleep('11m');
      await stop();
      expect(summary()).toEqual([
        '65 polls, 1 events opted in, 2 reports sent, 10 values accepted by the VTN',
        expect.stringMatching(/^the site used/),
      ]);
      expect(text()).toEqual(expect.arrayContaining(['reports: 1 wanted', 'report of 5', 'cancelled']));
    }),
  );

  it(
    'has reports that the VTN fails on, with its words, and says at the end how often',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, text, summary } = await shown(helpers);
      const problem = 'EiReport answered with HTTP status 500: "KeyError: measurement"';
      vtn.script = ({ kind }) =>
        kind === 'oadrUpdateReport' ? new VtnError('http-status', problem) : undefined;
      await clock.sleep('6m');
      expect(text()).toEqual(expect.arrayContaining(['report: not taken', '✗ send', `└ ${problem}`]));
      expect(summary()).toContain(`a report has not been taken yet: ${problem}`);
      vtn.script = () => undefined;
      await clock.sleep('5m');
      expect(text()).toContain('all is well again');
      await stop();
      expect(text().at(-1)).toBe('cancelled');
      expect(summary().slice(0, 2)).toEqual([
        `ven: send has failed once: ${problem}`,
        '65 polls, 1 events opted in, 1 reports sent, 5 values accepted by the VTN',
      ]);
    }),
  );

  it(
    'has offers and registrations that the VTN refuses',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, text, summary } = await shown(helpers);
      const refusal = message('oadrResponse', {
        response: { code: '463', description: 'who\nare you', requestId: '' },
      });
      vtn.script = ({ kind }) => (kind === 'oadrCreatePartyRegistration' ? refusal : undefined);
      await clock.sleep('10s');
      vtn.script = ({ kind }) => (kind === 'oadrRegisterReport' ? refusal : undefined);
      await clock.sleep('30s');
      await stop();
      const words = (kind: string): string => `└ ${kind} was refused by oadrResponse 463 who are you`;
      expect(text()).toEqual(
        expect.arrayContaining([
          'refused',
          '✗ registration',
          words('oadrCreatePartyRegistration'),
          '✗ offer',
          words('oadrRegisterReport'),
        ]),
      );
      expect(summary()[0]).toMatch(/^ven: registration has failed \d times, the last time: oadrCreate/);
    }),
  );

  it(
    'has sensors that fail, requests that cannot be done, and how a VTN was left',
    marbleTest(async (helpers) => {
      const { vtn, stop, clock, text } = await shown(helpers, {
        measure: () => {
          if (helpers.clock.now() < 2.5 * MINUTE) throw new Error('no line');
          return 1;
        },
      });
      await clock.sleep('90s');
      expect(text()).toEqual(expect.arrayContaining(['✗ measuring', '└ power cannot be measured: no line']));
      const requests = [reportRequest({ specifierId: 'weather' }, 'rr-2')];
      vtn.queue.push(message('oadrCreateReport', { requestId: 'q', requests }));
      await clock.sleep('2m');
      expect(text()).toEqual(
        expect.arrayContaining([
          'answers with 452',
          '└ the VTN asks for what cannot be done: report weather is not offered',
          'all can be measured',
        ]),
      );
      vtn.script = ({ kind }) =>
        kind === 'oadrCancelPartyRegistration'
          ? message('oadrResponse', { response: { code: '453', description: 'what?', requestId: '' } })
          : undefined;
      await stop();
      expect(text().slice(-2)).toEqual([
        'cancelled',
        expect.stringMatching(/^└ left all the same; .* was refused by oadrResponse 453 what\?$/),
      ]);
    }),
  );
});

describe('the board', () => {
  it('lets nothing that a peer says move the cursor or break a line', () => {
    const board = new Board((_style, text) => text, LANES);
    const lines = board.lines(0, { lane: 'ven', text: 'a\u001b[2Jb', note: 'c\r\n\u0007d' });
    expect(lines).toEqual([expect.stringContaining('a [2Jb'), '          └ c d']);
  });
});
