import { formatMs } from '../../time/spans/duration';
import type { Failure } from '../report/failures';
import type { MarbleSession } from '../session/MarbleSession';
import type { Ending } from './TimeFlow';

const NOT_SEEN = [
  'What it waits for never comes, or the host does not show that it is under way: say so with clock.external(promise).',
];

/** What there is to complain of in the way in which time came to a halt. */
export function describeEnding(ending: Ending, isBodyWaiting: boolean, session: MarbleSession): Failure[] {
  const at = formatMs(session.elapsed);
  switch (ending) {
    case 'done':
      return [];
    case 'until':
      return isBodyWaiting
        ? [{ lines: [`The body had not ended at ${at}, where \`until\` ends the test.`] }]
        : [];
    case 'stuck':
      return [
        {
          code: 'marble-deadlock',
          lines: [`Deadlock at ${at}: the body waits, and nothing is left that could wake it.`, ...NOT_SEEN],
        },
      ];
    case 'lost':
      return [
        {
          code: 'marble-deadlock',
          lines: [
            'Deadlock: the body waits for a promise that nothing is left to settle.',
            ...repeating(session),
          ],
        },
      ];
    case 'idle':
      return [
        {
          code: 'marble-deadlock',
          lines: [
            `Deadlock at ${at}: the body waits, and only repeating timers have gone on for very long.`,
            ...repeating(session),
            "If they bring what it waits for yet, say how long they may take: { until: '30d' }, or { maxInstants: 1e6 }.",
            ...NOT_SEEN,
          ],
        },
      ];
    case 'expired':
      return [
        {
          code: 'marble-deadlock',
          lines: [
            `Deadlock at ${at}: an external() has held time for longer than maxHold allows, in real time.`,
            ...session.testClock.waitsFor.map((what) => `The body waits for clock.external (${what}).`),
          ],
        },
      ];
    case 'endless':
      return [
        {
          code: 'marble-endless',
          lines: [
            `Endless: at ${at} time has stopped at more instants, or run more tasks at one, than a test may.`,
            `Armed are: ${session.armed().join(', ')}.`,
            "End the chain, or the test: with a '!' in expectObservable(source$, '^ 1s !'), or with { until: '1h' }.",
          ],
        },
      ];
  }
}

function repeating(session: MarbleSession): string[] {
  const armed = session.armed();
  return armed.length === 0 ? [] : [`Only repeating timers go on: ${armed.join(', ')}.`];
}

/** Whether time has come to a halt since somebody waits for what does not come. */
export function isInVain(ending: Ending): boolean {
  return ending === 'stuck' || ending === 'lost' || ending === 'idle';
}
