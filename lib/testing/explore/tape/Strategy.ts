import type { Choice } from '../../../time/choices/Choices';
import type { Tape } from './Tape';

/** Who answers in a run. */
export interface Strategy {
  /**
   * Gives an answer from 0 up to but not including `n`.
   *
   * @param index the number of the choice in its run
   */
  answer(n: number, what: Choice | string, index: number): number;
}

/** Answers as a tape says: where it is silent, as in the plain run; where it says too much, as much as there is. */
export class Replay implements Strategy {
  private next = 0;

  constructor(private readonly tape: Tape) {}

  answer(n: number, _what: Choice | string, index: number): number {
    const deviation = this.tape[this.next];
    if (deviation?.index !== index) return 0;
    this.next++;
    return Math.min(deviation.answer, n - 1);
  }
}
