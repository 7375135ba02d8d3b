import type { z } from 'zod';
import type { drSignal } from '../topics';

/** What the events ask for, as the VEN tells it. */
export type Ask = z.output<typeof drSignal.schema>;

export interface Limit {
  /** The share of the rated power that may be used. */
  readonly limit: number;
  readonly reason: string;
}

/** The levels of the SIMPLE signal: normal, moderate, high, special. */
const LEVELS = [1, 0.7, 0.4, 0.1] as const;
const AT_HIGH_PRICE = 0.4;

/** The limit that an ask comes to. Half of it holds while the event ramps up or down. */
export function limitFor(ask: Ask, highPrice: number): Limit {
  const { event, phase, kind, value, signal } = ask;
  if (event === null || phase === 'idle') return { limit: 1, reason: 'no event' };
  const full = kind === 'level' ? atLevel(value) : kind === 'price' && value >= highPrice ? AT_HIGH_PRICE : 1;
  const limit = phase === 'active' ? full : (1 + full) / 2;
  return { limit, reason: `${event}: ${signal} ${value}, ${phase}` };
}

function atLevel(level: number): number {
  return LEVELS[Math.min(Math.max(Math.round(level), 0), LEVELS.length - 1)] ?? 1;
}
