/** Something that may go in several ways, of which 0 is the plain one. */
export interface Choice {
  /** What it is about, such as `order` or `latency`. */
  readonly kind: string;
  /** What an answer other than 0 means, in words. */
  tell(answer: number): string;
  /** Those of whom one goes first, in the order of the answers: a search may give each of them a priority. */
  readonly rivals?: readonly object[];
  /** Answers that are likelier than others to matter, where there are many. */
  hints?(): readonly number[];
}

/**
 * Where the plain run has no choice, a search makes one. All choices are asked of this port, and nothing else is
 * random: equal answers make equal runs.
 */
export interface Choices {
  /**
   * Chooses one of `n` ways; 0 is what the plain run does.
   *
   * @param what what another answer means: in words, or for a choice that is asked often, as a {@link Choice}, whose
   * words are asked for only when they are read
   */
  choose(n: number, what: Choice | string): number;
}
