import type { Choices } from '../../time/choices/Choices';
import type { RandomSource } from '../../time/spans/random';

/** What becomes of something under way. */
export interface Draws {
  /** A whole number of ms, from a shortest to a longest. */
  span(from: number, to: number, what: string): number;
  /** Whether something happens whose share of all is given, from 0 to 1. */
  happens(share: number, what: string): boolean;
}

export function randomDraws(random: RandomSource): Draws {
  return {
    span: (from, to) => (from === to ? from : from + Math.floor(random() * (to - from + 1))),
    happens: (share) => share > 0 && random() < share,
  };
}

/** What is possible is a choice of the search, whatever its share; the plain run takes the shortest, and loses nothing. */
export function chosenDraws(choices: Choices): Draws {
  return {
    span: (from, to, what) =>
      from === to ? from : from + choices.choose(to - from + 1, `${what} takes longer`),
    happens: (share, what) => share > 0 && choices.choose(2, what) === 1,
  };
}
