import { describeValue } from '../../../trace/describeValue';
import type { TraceEvent } from '../../../trace/TraceEvent';
import type { MarbleReport } from '../../report/report';

/** Writes one event on a line, the same for equal ones on every host. */
export function describeEvent(event: TraceEvent): string {
  const { seq, at, type, ...facts } = event;
  const told = Object.entries(facts).map(([key, value]) => `${key} ${describeValue(value)}`);
  return [`${seq} at ${at}`, type, ...told].join(', ');
}

/** What differs first between two runs that should be the same; undefined if nothing does. */
export function firstDifference(one: MarbleReport, other: MarbleReport): string | undefined {
  const [first, second] = [one, other].map(({ trace }) => trace.map(describeEvent));
  const length = Math.max(first?.length ?? 0, second?.length ?? 0);
  for (let at = 0; at < length; at++) {
    const [here = 'nothing', there = 'nothing'] = [first?.[at], second?.[at]];
    if (here !== there) return `the first time: ${here}\nthe second time: ${there}`;
  }
  return undefined;
}
