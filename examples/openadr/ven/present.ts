import type { EventChange } from './EventBook';
import { type EventPhase, type Step, stepsFrom } from './timeline';

/** A step of an event that is followed. */
export interface EventStep extends Step {
  readonly change: EventChange;
}

/** What the events ask for at present, as the topic `…/signal` has it. */
export interface PresentSignal {
  readonly event: string | null;
  readonly phase: 'idle' | 'ramp-up' | 'active' | 'ramp-down';
  readonly signal: string;
  readonly kind: 'level' | 'price' | 'other';
  readonly value: number;
  readonly until: number | null;
}

const IDLE: PresentSignal = {
  event: null,
  phase: 'idle',
  signal: 'SIMPLE',
  kind: 'level',
  value: 0,
  until: null,
};

/** The steps that events are in, by event. */
export type PresentSteps = ReadonlyMap<string, EventStep>;

export const NO_STEPS: PresentSteps = new Map();

/** The steps that events are in at an instant. */
export function stepsAt(changes: readonly EventChange[], now: number): PresentSteps {
  return changes
    .flatMap((change) => stepsFrom(change, now).map((step) => ({ ...step, change })))
    .filter(({ at }) => at <= now)
    .reduce(advance, NO_STEPS);
}

/** The steps behind one more of them. */
export function advance(steps: PresentSteps, step: EventStep): PresentSteps {
  const next = new Map(steps);
  if (isLive(step.phase)) next.set(step.change.eventId, step);
  else next.delete(step.change.eventId);
  return next;
}

/** What counts of several events: the one with the highest priority (1; 0 is none), then what began first. */
export function presentSignal(steps: PresentSteps): PresentSignal {
  const [first] = [...steps.values()].sort((a, b) => rank(a) - rank(b) || a.at - b.at);
  if (first === undefined) return IDLE;
  const { phase, values, until, change } = first;
  const { name = IDLE.signal, type = IDLE.kind, value = 0 } = values[0] ?? {};
  return {
    event: change.eventId,
    phase: phase as PresentSignal['phase'],
    signal: name,
    kind: type === 'level' ? 'level' : type.startsWith('price') ? 'price' : 'other',
    value,
    until: until === Infinity ? null : until,
  };
}

function isLive(phase: EventPhase): boolean {
  return phase === 'ramp-up' || phase === 'active' || phase === 'ramp-down';
}

/** An event that ramps down asks for less than any that is active. */
function rank({ change, phase }: EventStep): number {
  const { priority = 0 } = change.known.event.descriptor;
  return (phase === 'ramp-down' ? 1e12 : 0) + (priority === 0 ? 1e10 : priority);
}
