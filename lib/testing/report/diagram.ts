import { formatMs } from '../../time/spans/duration';
import { deepEqual } from '../expectations/deepEqual';
import { describeValue } from '../../trace/describeValue';
import { drawRuns } from './lanes';
import type { MarbleNotification, TestMessage } from '../expectations/marbles';
import type { AxisRow } from './timeAxis';

/** Up to so many instants are all drawn; of more only some, and of these so many before the first difference. */
const MOST_INSTANTS = 16;
const DRAWN_OF_MORE = 10;
const LEAD = 3;
/** Up to so many differences are all told, and of more only some. */
const MOST_DIFFERENCES = 12;
const TOLD_OF_MORE = 6;

interface Difference {
  readonly frame: number;
  readonly text: string;
}

/** Draws what was expected, what was seen and the runs that led to it under one another, and says what differs. */
export function drawMessages(
  expected: readonly TestMessage[],
  actual: readonly TestMessage[],
  runs: readonly AxisRow[],
): string[] {
  const found = differences(expected, actual);
  // There may be more of them than a call takes arguments.
  const first = found.reduce((earliest, { frame }) => Math.min(earliest, frame), Infinity);
  const window = windowAround(first, [expected, actual], runs);
  const names = new Names();
  const row = (label: string, messages: readonly TestMessage[]) => ({
    label,
    marks: marksOf(
      messages.filter(({ frame }) => window.has(frame)),
      names,
    ),
  });
  const rows = [row('expected', expected), row('actual', actual)];
  const told = found.length <= MOST_DIFFERENCES ? found : found.slice(0, TOLD_OF_MORE);
  const left = found.length - told.length;
  return [
    ...drawRuns(runsWithin(window, runs), rows),
    ...window.leftOut,
    ...names.legend(),
    ...told.map(({ text }) => `- ${text}`),
    ...(left > 0 ? [`- … and ${left} more that differ`] : []),
  ];
}

/** The instants that are drawn. */
interface Window {
  has(frame: number): boolean;
  /** What is to be said of those that are not. */
  readonly leftOut: readonly string[];
}

/** As many instants as a person reads, from somewhat before the first one that is not as expected. */
function windowAround(
  first: number,
  messages: readonly (readonly TestMessage[])[],
  runs: readonly AxisRow[],
): Window {
  const all = new Set([
    ...messages.flat().map(({ frame }) => frame),
    ...runs.flatMap(({ marks }) => [...marks.keys()]),
  ]);
  if (all.size <= MOST_INSTANTS) return { has: () => true, leftOut: [] };
  const frames = [...all].sort((one, other) => one - other);
  const found = frames.findIndex((frame) => frame >= first);
  const from = Math.max(0, Math.min(found - LEAD, frames.length - DRAWN_OF_MORE));
  const drawn = new Set(frames.slice(from, from + DRAWN_OF_MORE));
  const behind = frames.length - from - DRAWN_OF_MORE;
  const leftOut = `(${[
    ...(from > 0 ? [`${from} instants before`] : []),
    ...(behind > 0 ? [`${behind} behind`] : []),
  ].join(' and ')} are not drawn)`;
  return { has: (frame) => drawn.has(frame), leftOut: [leftOut] };
}

function runsWithin(window: Window, runs: readonly AxisRow[]): AxisRow[] {
  return runs
    .map((run) => ({ ...run, marks: new Map([...run.marks].filter(([frame]) => window.has(frame))) }))
    .filter(({ marks }) => marks.size > 0);
}

/** Gives each different value a letter of its own; a value that is one character is its own letter. */
class Names {
  private readonly named: { readonly name: string; readonly value: unknown }[] = [];

  of({ kind, value, error }: MarbleNotification): string {
    if (kind === 'C') return '|';
    if (kind === 'E') return '#';
    if (typeof value === 'string' && value.length === 1) return value;
    const known = this.named.find((entry) => deepEqual(value, entry.value));
    if (known !== undefined) return known.name;
    const name = String.fromCharCode('a'.charCodeAt(0) + (this.named.length % 26));
    this.named.push({ name, value: error ?? value });
    return name;
  }

  legend(): string[] {
    return this.named.map(({ name, value }) => `${name} = ${describeValue(value)}`);
  }
}

function marksOf(messages: readonly TestMessage[], names: Names): Map<number, string> {
  const marks = new Map<number, string>();
  for (const { frame, notification } of messages)
    marks.set(frame, (marks.get(frame) ?? '') + names.of(notification));
  for (const [frame, mark] of marks) if (mark.length > 1) marks.set(frame, `(${mark})`);
  return marks;
}

/** Says of each message that is not as it was expected how it differs. */
function differences(
  expected: readonly TestMessage[],
  actual: readonly TestMessage[],
): readonly Difference[] {
  const rest = [...actual];
  const take = (isMatch: (message: TestMessage) => boolean): TestMessage | undefined => {
    const index = rest.findIndex(isMatch);
    return index < 0 ? undefined : rest.splice(index, 1)[0];
  };
  const isSame = (wanted: TestMessage) => (message: TestMessage) =>
    deepEqual(message.notification, wanted.notification);
  // What is in its place is paired first, lest one that is missing is taken for another that is early.
  const amiss = expected.filter(
    (wanted) => take((message) => message.frame === wanted.frame && isSame(wanted)(message)) === undefined,
  );
  const found = amiss.map((wanted): Difference => {
    const { frame } = wanted;
    const at = formatMs(frame);
    const match = take(isSame(wanted));
    if (match !== undefined)
      return { frame, text: `${nameOf(wanted)} expected at ${at}: ${lateness(match, wanted)}` };
    const instead = take((message) => message.frame === frame);
    if (instead !== undefined)
      return { frame, text: `at ${at}: expected ${nameOf(wanted)}, was ${nameOf(instead)}` };
    return { frame, text: `${nameOf(wanted)} expected at ${at} never came` };
  });
  const extra = rest.map((message): Difference => {
    const { frame } = message;
    return { frame, text: `${nameOf(message)} at ${formatMs(frame)} was not expected` };
  });
  return [...found, ...extra];
}

function lateness(actual: TestMessage, wanted: TestMessage): string {
  const by = actual.frame - wanted.frame;
  const right = wanted.notification.kind === 'N' ? 'right value' : 'it came';
  return `${right}, ${formatMs(Math.abs(by))} ${by > 0 ? 'late' : 'early'} (at ${formatMs(actual.frame)})`;
}

function nameOf({ notification: { kind, value, error } }: TestMessage): string {
  if (kind === 'C') return 'completion';
  return kind === 'E' ? `error ${describeValue(error)}` : describeValue(value);
}
