import type { Choice, Choices } from '../../../time/choices/Choices';
import type { Draws, Fate } from '../../network/Draws';
import type { Lateness } from './Lateness';

const FATES: Readonly<Record<Fate, string>> = {
  loss: 'is lost',
  duplication: 'comes twice',
  reordering: 'may overtake others',
};

class FateChoice implements Choice {
  constructor(
    readonly kind: Fate,
    private readonly what: string,
  ) {}

  tell(): string {
    return `${this.what} ${FATES[this.kind]}`;
  }
}

class PickChoice implements Choice {
  readonly kind = 'network';

  constructor(
    private readonly names: readonly string[],
    private readonly what: string,
  ) {}

  tell(answer: number): string {
    return `${this.what} goes to ${this.names[answer] ?? ''}`;
  }
}

/**
 * What is possible on the network of a search is a choice of it, whatever its share; the plain run takes the shortest,
 * and loses nothing.
 */
export class ChosenDraws implements Draws {
  constructor(
    private readonly choices: Choices,
    private readonly lateness: () => Lateness,
  ) {}

  span(from: number, to: number, what: string): number {
    return from + this.lateness().of(to - from, what);
  }

  happens(share: number, fate: Fate, what: string): boolean {
    return share > 0 && this.choices.choose(2, new FateChoice(fate, what)) === 1;
  }

  pick(names: readonly string[], what: string): number {
    const { length } = names;
    return length === 1 ? 0 : this.choices.choose(length, new PickChoice(names, what));
  }
}
