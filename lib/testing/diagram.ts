import { formatMs } from '../time/duration';
import { deepEqual } from './deepEqual';
import { describeValue } from '../trace/describeValue';
import { drawRuns } from './lanes';
import type { MarbleNotification, TestMessage } from './marbles';
import type { AxisRow } from './timeAxis';

/** Draws what was expected, what was seen and the runs that led to it under one another, and says what differs. */
export function drawMessages(
  expected: readonly TestMessage[],
  actual: readonly TestMessage[],
  runs: readonly AxisRow[],
): string[] {
  const names = new Names();
  const row = (label: string, messages: readonly TestMessage[]) => ({
    label,
    marks: marksOf(messages, names),
  });
  return [
    ...drawRuns(runs, [row('expected', expected), row('actual', actual)]),
    ...names.legend(),
    ...differences(expected, actual).map((difference) => `- ${difference}`),
  ];
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
function differences(expected: readonly TestMessage[], actual: readonly TestMessage[]): string[] {
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
  const found = amiss.map((wanted) => {
    const at = formatMs(wanted.frame);
    const match = take(isSame(wanted));
    if (match !== undefined) return `${nameOf(wanted)} expected at ${at}: ${lateness(match, wanted)}`;
    const instead = take(({ frame }) => frame === wanted.frame);
    if (instead !== undefined) return `at ${at}: expected ${nameOf(wanted)}, was ${nameOf(instead)}`;
    return `${nameOf(wanted)} expected at ${at} never came`;
  });
  return [...found, ...rest.map((extra) => `${nameOf(extra)} at ${formatMs(extra.frame)} was not expected`)];
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
