import type { KnownEvent, EventChange } from './EventBook';
import type { EventSignal } from './protocol/event';

/** The phases of an event, as the site lives through them. */
export type EventPhase = 'notified' | 'ramp-up' | 'active' | 'ramp-down' | 'completed' | 'cancelled';

/** What one signal of an event asks for. */
export interface SignalValue {
  readonly name: string;
  readonly type: string;
  readonly value: number;
}

/** A step of an event's timeline: from `at` on, the event is in this phase and asks for these values. */
export interface Step {
  readonly at: number;
  /** When the step ends; Infinity for the last one, and in an event without an end. */
  readonly until: number;
  readonly phase: EventPhase;
  readonly values: readonly SignalValue[];
}

/** The last one of the calendar. What would begin behind it never does. */
const LAST_INSTANT = 8.64e15;

/** When an event starts and ends, and when its ramp-down is over; Infinity for one without an end. */
function boundsOf({ event, share }: KnownEvent): {
  readonly start: number;
  readonly end: number;
  readonly over: number;
} {
  const { start: earliest, duration, startAfter = 0, recovery = 0 } = event.period.properties;
  const start = earliest + Math.round(share * startAfter);
  const end = duration === 0 ? Infinity : start + duration;
  return { start, end, over: end + Math.max(recovery, 0) };
}

/** When an event is over, its ramp-down included; Infinity for one without an end. */
export function endOf(known: KnownEvent): number {
  return boundsOf(known).over;
}

/**
 * The timeline of an event, from its notification to its end. All instants are ms since the epoch, by the wall clock.
 * ```
 * notified     ramp-up        active: each interval             ramp-down    completed
 * |------------|--------------|------------|---------|----------|------------|
 *              start - rampUp start (spread by the tolerance)   end          end + recovery
 * ```
 * A negative ramp-up lies behind the start, a negative recovery before the end.
 */
export function stepsOf(known: KnownEvent): readonly Step[] {
  const { event } = known;
  const { start: earliest, notification = 0, rampUp = 0, recovery = 0 } = event.period.properties;
  const { start, end, over } = boundsOf(known);
  const activeFrom = Math.min(start - Math.min(rampUp, 0), end);
  const activeTo = Math.max(end + Math.min(recovery, 0), activeFrom);
  const signals = event.signals.list.map((signal) => ({ signal, spans: spansOf(signal, start) }));
  const valuesAt = (at: number): readonly SignalValue[] =>
    signals.map(({ signal: { name, type }, spans }) => ({
      name,
      type,
      value: spans.filter(({ from }) => from <= at).at(-1)?.value ?? 0,
    }));
  const turns = new Set([activeFrom, ...signals.flatMap(({ spans }) => spans.map(({ from }) => from))]);
  const last = Math.min(activeTo, LAST_INSTANT);
  const active = [...turns].filter((at) => at >= activeFrom && at < last).sort((a, b) => a - b);
  const marks: Omit<Step, 'until'>[] = [
    { at: Math.min(earliest - notification, start - rampUp, start), phase: 'notified', values: [] },
    { at: Math.min(start - rampUp, start), phase: 'ramp-up', values: valuesAt(activeFrom) },
    ...active.map((at) => ({ at, phase: 'active' as const, values: valuesAt(at) })),
    { at: activeTo, phase: 'ramp-down', values: [] },
    { at: over, phase: 'completed', values: [] },
  ];
  return chained(marks);
}

/**
 * What is left of an event's timeline behind a change of it: the step that it is in, and those to come. What had
 * begun and is not to go on, since the event was cancelled or moved, ends at once, by its ramp-down.
 */
export function stepsFrom({ type, known, former }: EventChange, now: number): readonly Step[] {
  const goesOn = isFollowed(known);
  const ahead = goesOn ? stepsOf(known).filter(({ until }) => until > now) : [];
  const resumes = ahead[0]?.at ?? Infinity;
  const present = former && isFollowed(former) ? phaseAt(former, now) : 'completed';
  if (resumes <= now || present === 'completed' || (goesOn && !hasBegun(present))) return ahead;
  const recovery = hasBegun(present) ? Math.abs(former?.event.period.properties.recovery ?? 0) : 0;
  const rest = goesOn ? 'notified' : type === 'completed' ? 'completed' : 'cancelled';
  return chained([
    { at: now, phase: 'ramp-down', values: [] },
    { at: Math.min(now + recovery, resumes), phase: rest, values: [] },
    ...ahead,
  ]);
}

function isFollowed({ opt, hasEnded }: KnownEvent): boolean {
  return opt === 'optIn' && !hasEnded;
}

function phaseAt(known: KnownEvent, now: number): EventPhase | undefined {
  return stepsOf(known).find(({ at, until }) => at <= now && until > now)?.phase;
}

function hasBegun(phase: EventPhase | undefined): boolean {
  return phase === 'ramp-up' || phase === 'active';
}

/** The intervals of a signal in their order; one without a length lasts until the event ends. */
function spansOf({ intervals }: EventSignal, start: number): readonly { from: number; value: number }[] {
  let from = start;
  return intervals.list.map(({ duration = 0, value }) => {
    const span = { from, value };
    from = duration === 0 ? Infinity : from + duration;
    return span;
  });
}

/** Each step lasts until the next one; those that last no time are none, but the last one, which has no end. */
function chained(marks: readonly Omit<Step, 'until'>[]): readonly Step[] {
  const steps = marks.map((mark, index) => ({ ...mark, until: marks[index + 1]?.at ?? Infinity }));
  return steps.filter(({ at, until }) => at < until && at < Infinity);
}
