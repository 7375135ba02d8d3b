import { formatMs } from '../time/duration';
import { deepEqual } from './deepEqual';
import { describeValue } from './describeValue';
import type { MarbleNotification, TestMessage } from './marbles';
import { drawOnAxis } from './timeAxis';

/** Draws what was expected and what was seen under one another, and says what differs. */
export function drawMessages(expected: readonly TestMessage[], actual: readonly TestMessage[]): string[] {
  const names = new Names();
  const row = (label: string, messages: readonly TestMessage[]) => ({
    label,
    marks: marksOf(messages, names),
  });
  return [
    ...drawOnAxis([row('expected', expected), row('actual', actual)]),
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

/** Pairs what was expected with what came, in order, and says of each that is not the same how it differs. */
function differences(expected: readonly TestMessage[], actual: readonly TestMessage[]): string[] {
  const found: string[] = [];
  const rest = [...actual];
  for (const wanted of expected) {
    const index = rest.findIndex(({ notification }) => deepEqual(notification, wanted.notification));
    const [match] = index < 0 ? [] : rest.splice(index, 1);
    const atFrame = rest.findIndex(({ frame }) => frame === wanted.frame);
    if (match !== undefined) {
      if (match.frame !== wanted.frame)
        found.push(`${nameOf(wanted)} expected at ${formatMs(wanted.frame)}: ${lateness(match, wanted)}`);
    } else if (atFrame >= 0) {
      const [instead] = rest.splice(atFrame, 1);
      found.push(
        `at ${formatMs(wanted.frame)}: expected ${nameOf(wanted)}, was ${instead === undefined ? 'nothing' : nameOf(instead)}`,
      );
    } else {
      found.push(`${nameOf(wanted)} expected at ${formatMs(wanted.frame)} never came`);
    }
  }
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
