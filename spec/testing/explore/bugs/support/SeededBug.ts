import type { ExploreBody, ExploreOptions } from 'rx-agent-kit/testing';

/** An agent as somebody might write it, with a bug that no plain run shows, and its twin without it. */
export interface SeededBug {
  readonly name: string;
  /** What the wrong one does not keep, as a failure names it. */
  readonly breaks: string;
  readonly wrong: ExploreBody;
  readonly right: ExploreBody;
  /** What a search has to vary to find it. */
  readonly options: ExploreOptions;
}
