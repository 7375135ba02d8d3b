import type { RandomSource } from '../../time/spans/random';

/** What may become of a message that goes from one host to another. */
export type Fate = 'loss' | 'duplication' | 'reordering';

/** What becomes of something under way. */
export interface Draws {
  /** A whole number of ms, from a shortest to a longest. @param what what takes that long, in words */
  span(from: number, to: number, what: string): number;
  /** Whether something happens whose share of all is given, from 0 to 1. */
  happens(share: number, fate: Fate, what: string): boolean;
  /** One of several, by its place among them. @param what what goes there, in words */
  pick(names: readonly string[], what: string): number;
}

export function randomDraws(random: RandomSource): Draws {
  return {
    span: (from, to) => (from === to ? from : from + Math.floor(random() * (to - from + 1))),
    happens: (share) => share > 0 && random() < share,
    pick: ({ length }) => (length === 1 ? 0 : Math.floor(random() * length)),
  };
}
