import type { Tape } from '../tape/Tape';
import type { TraceEvent } from '../../../trace/TraceEvent';

// In a runner's sandbox each look at a global costs as much as the rest.
const { imul } = Math;
const PRIME = 0x01000193;
const OTHER_PRIME = 0x85ebca6b;
const UPPER = 2 ** 21;

/**
 * A number by which runs are told apart: what happened to whom at which instant, and plain values. Where there are no
 * agents, nothing of that is known but what was chosen.
 */
export function hashTrace(events: readonly TraceEvent[], tape: Tape): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const mix = (number: number): void => {
    low = imul(low ^ number, PRIME);
    high = imul(high ^ number, OTHER_PRIME) ^ (high >>> 13);
  };
  let isOfAgents = false;
  for (const event of events) {
    isOfAgents ||= 'agent' in event;
    mix(event.at);
    mix(hashText(event.type));
    for (const key of ['agent', 'stream', 'run', 'value', 'topic', 'phase', 'reason'] as const) {
      const value = (event as unknown as Record<string, unknown>)[key];
      if (typeof value === 'string') mix(hashText(value));
      else if (typeof value === 'number') mix(value);
    }
  }
  if (!isOfAgents)
    for (const { index, answer } of tape) {
      mix(index);
      mix(answer);
    }
  return ((high >>> 0) % UPPER) * 2 ** 32 + (low >>> 0);
}

const known = new Map<string, number>();
const MOST_KNOWN = 1024;

function hashText(text: string): number {
  const before = known.get(text);
  if (before !== undefined) return before;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = imul(hash ^ text.charCodeAt(at), PRIME);
  if (known.size < MOST_KNOWN) known.set(text, hash);
  return hash;
}
