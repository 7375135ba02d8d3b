import type { Choice, Choices } from '../../../time/choices/Choices';
import type { Deviation, Tape } from './Tape';
import type { Strategy } from './Strategy';

/** Is told of each choice, with its answer, where a run is told as a story. */
export type ChoiceListener = (what: Choice | string, answer: number) => void;

/** The choices of one run: it lets a strategy answer, and takes its answers down. */
export class TapeRecorder implements Choices {
  private readonly deviations: Deviation[] = [];
  /** How many choices there have been. */
  count = 0;
  private isOver = false;

  constructor(
    private readonly strategy: Strategy,
    private readonly listener?: ChoiceListener,
  ) {}

  get tape(): Tape {
    return this.deviations;
  }

  choose(n: number, what: Choice | string): number {
    if (this.isOver || n <= 1) return 0;
    const index = this.count++;
    const answer = this.strategy.answer(n, what, index);
    if (answer > 0) {
      this.deviations.push({ index, answer });
      this.listener?.(what, answer);
    }
    return answer;
  }

  /** The run is judged: what is left to be done is done plainly. */
  end(): void {
    this.isOver = true;
  }
}
