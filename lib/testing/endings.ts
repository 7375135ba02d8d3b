import { formatMs } from '../time/duration';
import type { Failure } from './failures';
import type { MarbleSession } from './MarbleSession';
import type { Ending } from './TimeFlow';

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
          lines: [
            `Deadlock at ${at}: the body waits, and nothing is left that could wake it.`,
            ...repeating(session),
            'What it waits for never comes, or is not of the kit: let a handler wait for that with external(promise).',
          ],
        },
      ];
    case 'expired':
      return [
        {
          code: 'marble-deadlock',
          lines: [
            `Deadlock at ${at}: an external() has held time for longer than maxHold allows, in real time.`,
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
