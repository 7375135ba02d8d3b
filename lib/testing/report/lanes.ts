import { placeOf } from '../../handlers/run/placeOf';
import { formatMs } from '../../time/spans/duration';
import type { LedgerEntry } from '../../trace/Ledger';
import { RUN_MARBLES } from '../../trace/runMarbles';
import type { TraceEvent } from '../../trace/TraceEvent';
import { type AxisRow, drawOnAxis } from './timeAxis';

const LEGEND = 'runs: s started, e settled, x aborted, f failed, ~ in flight';

interface Lane {
  readonly agent: string;
  readonly stream: string;
  readonly run: number;
  readonly marks: Map<number, string>;
  start: number;
  end: number;
}

/** Which runs are drawn. */
export interface LaneFilter {
  /** The stream that is looked at; undefined for those of any. */
  readonly of: { readonly agent: string; readonly stream: string } | undefined;
  /** How many of the latest. */
  readonly limit: number;
}

/** The latest runs of a stream as rows of a time axis; those of any stream bear its name. */
export function lanesOf(
  events: readonly TraceEvent[],
  start: number,
  { of, limit }: LaneFilter,
): readonly AxisRow[] {
  const lanes = new Map<number, Lane>();
  for (const event of events) {
    const marble = RUN_MARBLES[event.type];
    if (marble === undefined || !('run' in event)) continue;
    const { agent, stream, run } = event;
    if (of !== undefined && (agent !== of.agent || stream !== of.stream)) continue;
    const frame = event.at - start;
    const lane = lanes.get(run) ?? {
      agent,
      stream,
      run,
      marks: new Map<number, string>(),
      start: frame,
      end: Infinity,
    };
    lanes.set(run, lane);
    lane.marks.set(frame, (lane.marks.get(frame) ?? '') + marble);
    if (marble !== 's') lane.end = frame;
  }
  const drawn = [...lanes.values()].slice(-limit);
  for (const { marks, start: began, end } of drawn)
    if (end === Infinity) marks.set(began, `${marks.get(began) ?? ''}~`);
  return drawn.map(({ agent, stream, run, marks, start: began, end }) => ({
    label: of === undefined ? `${agent}.${stream} run ${run}` : `run ${run}`,
    marks,
    fill: (frame: number) => (frame >= began && frame < end ? '~' : '-'),
  }));
}

/** Draws runs on one time axis, below the rows that they explain. */
export function drawRuns(runs: readonly AxisRow[], rows: readonly AxisRow[] = []): string[] {
  if (runs.length === 0) return rows.length === 0 ? [] : drawOnAxis(rows);
  return [...drawOnAxis([...rows, ...runs]), LEGEND];
}

/** Says of each entry of a ledger what it is, what it waits for and since when. */
export function describeEntries(entries: readonly LedgerEntry[], start: number): string[] {
  return entries.map((entry) => {
    const name = placeOf(entry.agent, entry.stream).where;
    if (entry.kind === 'timer')
      return `${name}: a timer (${entry.timer}) is armed for ${formatMs(entry.due - start)}`;
    const since = formatMs(entry.since - start);
    if (entry.kind === 'wait') return `${name}: waits for ${entry.on} (${entry.detail}) since ${since}`;
    const aborted = entry.isAborted ? ', aborted but not ended' : '';
    const parked = entry.parked.map(
      ({ on, detail, since: from }) => `parked on ${on} (${detail}) since ${formatMs(from - start)}`,
    );
    const where =
      parked.length > 0
        ? parked.join(', ')
        : 'waiting for a promise of its own (if that is of something foreign, say so: external(promise))';
    return `${name}: handler ${entry.handler}, run ${entry.run} since ${since}${aborted}, ${where}`;
  });
}
