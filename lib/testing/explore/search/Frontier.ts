import type { Choice } from '../../../time/choices/Choices';
import { type Strategy, Replay } from '../tape/Strategy';
import type { Tape } from '../tape/Tape';
import { answersOf } from './answersOf';

/** Where a run might have gone another way, behind its last deviation. */
interface Fork {
  readonly index: number;
  readonly answers: readonly number[];
}

/**
 * All runs that there are, by the number of their deviations: each run that has been made shows where those go on that
 * have one more. None comes twice.
 */
export class Frontier {
  private level: Tape[] = [[]];
  private following: Tape[] = [];
  /** How many deviations the runs have that come now. */
  depth = 0;
  /** Whether some that there are had to be left out. */
  private hasLeftOut = false;

  /** @param most how many runs are wanted at most: no more are kept in mind */
  constructor(private readonly most: number) {}

  /** The next run; undefined if there are no others. */
  next(): FrontierStrategy | undefined {
    if (this.level.length === 0) {
      this.level = this.following.reverse();
      this.following = [];
      if (this.level.length > 0) this.depth++;
    }
    const tape = this.level.pop();
    return tape && new FrontierStrategy(tape);
  }

  /** Takes note of where a run has shown that there are others. */
  add({ tape, forks }: FrontierStrategy): void {
    for (const { index, answers } of forks)
      for (const answer of answers) {
        if (this.following.length >= this.most) {
          this.hasLeftOut = true;
          return;
        }
        this.following.push([...tape, { index, answer }]);
      }
  }

  get isEmpty(): boolean {
    return this.level.length === 0 && this.following.length === 0 && !this.hasLeftOut;
  }
}

/** Answers by a tape, and looks where it might go on. */
export class FrontierStrategy implements Strategy {
  readonly forks: Fork[] = [];
  private readonly replay: Replay;
  private readonly last: number;

  constructor(readonly tape: Tape) {
    this.replay = new Replay(tape);
    this.last = tape.at(-1)?.index ?? -1;
  }

  answer(n: number, what: Choice | string, index: number): number {
    if (index > this.last) this.forks.push({ index, answers: answersOf(n, what) });
    return this.replay.answer(n, what, index);
  }
}
