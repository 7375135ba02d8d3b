import { messageOf } from '../../../AgentError';
import { MarbleTestError } from '../../session/MarbleTestError';
import { indent } from '../../report/failures';
import { drawRuns, lanesOf } from '../../report/lanes';
import type { MarbleReport } from '../../report/report';

/** How many runs are drawn. */
const RUNS = 12;

/** A failing run, as it is told. */
export interface Failed {
  readonly error: unknown;
  readonly report: MarbleReport;
  /** The deviations, in words; none of the plain run. */
  readonly deviations: readonly string[];
  /** The tape as text. */
  readonly replay: string;
  /** The instant at which the run began, in ms. */
  readonly start: number;
}

/** The story of a run that fails: how it differs from the plain one, what is wrong, the lanes, and how to see it again. */
export function writeStory(head: string, { error, report, deviations, replay, start }: Failed): string {
  const what =
    error instanceof MarbleTestError
      ? // Its first line names a seed that a search does not go by.
        error.message.split('\n').slice(2)
      : messageOf(error).split('\n');
  const lanes = what.some((line) => line.includes('runs: s started'))
    ? []
    : drawRuns(lanesOf(report.trace, start, { of: undefined, limit: RUNS }));
  const sections = [
    [head],
    deviations.length === 0
      ? ['It is the plain run: it fails as a marble test, too.']
      : ['It differs from the plain run in this:', ...indent(deviations)],
    what,
    lanes,
    [`See it again: explore(body, { replay: '${replay}' }), with the other options as they are.`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
