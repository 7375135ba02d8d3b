import type { TraceEvent } from '../../trace/TraceEvent';
import type { Hide } from '../../trace/Hide';
import { toPlain } from './toPlain';

/** The version of the lines, which is raised when one that is written today could not be read any more. */
export const TRACE_VERSION = 1;

/** The first line. */
export interface TraceHead {
  readonly type: 'trace';
  readonly version: number;
  readonly host: string;
}

/** One event, with the fields of its {@link TraceEvent}; values and errors in it as `toPlain` writes them. */
export interface TraceEventLine {
  readonly type: TraceEvent['type'];
  readonly seq: number;
  readonly at: number;
  readonly [field: string]: unknown;
}

/** Stands where so many events were left out, since the disk was too slow. */
export interface DroppedLine {
  readonly type: 'dropped';
  readonly count: number;
}

/** The last line of a trace that was closed. */
export interface TraceEnd {
  readonly type: 'end';
  readonly events: number;
  readonly dropped: number;
}

/** A line of a trace file: one JSON object. */
export type TraceLine = TraceHead | TraceEventLine | DroppedLine | TraceEnd;

export function headLine(host: string): string {
  return write({ type: 'trace', version: TRACE_VERSION, host });
}

/** The numbers that are the trace's own; all others may be an agent's. */
const COUNTS: ReadonlySet<string> = new Set(['seq', 'at', 'due', 'run', 'attempt', 'missed', 'restart']);

/** Writes an event as one line, whatever it holds. */
export function eventLine(event: TraceEvent, hide: Hide): string {
  const line: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(event) as [string, unknown][])
    line[field] = COUNTS.has(field) ? value : toPlain(value, hide);
  return `${JSON.stringify(line)}\n`;
}

export function droppedLine(count: number): string {
  return write({ type: 'dropped', count });
}

export function endLine(events: number, dropped: number): string {
  return write({ type: 'end', events, dropped });
}

function write(line: TraceHead | DroppedLine | TraceEnd): string {
  return `${JSON.stringify(line)}\n`;
}
