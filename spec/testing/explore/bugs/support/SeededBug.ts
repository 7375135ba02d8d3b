import type { MarbleHelpers } from 'rx-agent-kit/testing';

export type ExploreBody = (
  helpers: MarbleHelpers & {
    always(holds: () => boolean, words: string): void;
    eventually(holds: () => boolean, words: string): void;
    fault(words: string): void;
    choose(n: number, words: string): number;
  },
) => unknown;
export type ExploreOptions = Record<string, unknown>;

/** An agent as somebody might write it, with a bug that no plain run shows, and its twin without it. */
export interface SeededBug {
  readonly name: string;
  /** What the wrong one does not keep, as a failure names it. */
  readonly breaks: string;
  readonly wrong: ExploreBody;
  readonly right: ExploreBody;
  readonly options: ExploreOptions;
}
