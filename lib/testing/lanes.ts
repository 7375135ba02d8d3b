import { formatMs } from '../time/duration';
import type { LedgerEntry } from '../trace/Ledger';
import { RUN_MARBLES } from '../trace/runMarbles';
import type { TraceEvent } from '../trace/TraceEvent';
import { type AxisRow, drawOnAxis } from './timeAxis';

interface Lane {
  readonly label: string;
  readonly marks: Map<number, string>;
  start: number;
  end: number;
}

/** Draws the latest runs of some streams on one axis: s started, e settled, x aborted, f failed, ~ in flight. */
export function drawLanes(
  events: readonly TraceEvent[],
  start: number,
  isConcerned: (agent: string, stream: string) => boolean,
  limit: number,
): string[] {
  const lanes = new Map<number, Lane>();
  for (const event of events) {
    const marble = RUN_MARBLES[event.type];
    if (marble === undefined || !('run' in event) || !isConcerned(event.agent, event.stream)) continue;
    const frame = event.at - start;
    const lane = lanes.get(event.run) ?? {
      label: `${event.agent}.${event.stream} run ${event.run}`,
      marks: new Map<number, string>(),
      start: frame,
      end: Infinity,
    };
    lanes.set(event.run, lane);
    lane.marks.set(frame, (lane.marks.get(frame) ?? '') + marble);
    if (marble !== 's') lane.end = frame;
  }
  const drawn = [...lanes.values()].slice(-limit);
  for (const { marks, start: began, end } of drawn)
    if (end === Infinity) marks.set(began, `${marks.get(began) ?? ''}~`);
  return drawn.length === 0 ? [] : drawOnAxis(drawn.map(rowOf));
}

function rowOf({ label, marks, start, end }: Lane): AxisRow {
  return { label, marks, fill: (frame) => (frame >= start && frame < end ? '~' : '-') };
}

/** Says of each entry of a ledger what it is, what it waits for and since when. */
export function describeEntries(entries: readonly LedgerEntry[], start: number): string[] {
  return entries.map((entry) => {
    const name = `${entry.agent}.${entry.stream}`;
    if (entry.kind === 'timer')
      return `${name}: a timer (${entry.timer}) is armed for ${formatMs(entry.due - start)}`;
    const since = formatMs(entry.since - start);
    const aborted = entry.isAborted ? ', aborted but not ended' : '';
    const parked = entry.parked.map(
      ({ on, detail, since: from }) => `parked on ${on} (${detail}) since ${formatMs(from - start)}`,
    );
    const where =
      parked.length > 0 ? parked.join(', ') : 'waiting for something foreign, or for a promise of its own';
    return `${name}: handler ${entry.handler}, run ${entry.run} since ${since}${aborted}, ${where}`;
  });
}
