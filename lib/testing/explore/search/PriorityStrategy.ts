import type { Choice } from '../../../time/choices/Choices';
import type { RandomSource } from '../../../time/spans/random';
import { RandomStrategy } from './RandomStrategy';
import type { Statistics } from './Statistics';

/** At so many places at most priorities change: with each, a bug may be one event deeper. */
const MOST_CHANGES = 3;

/**
 * Answers what goes first by priorities that are drawn at random and change at few places: probabilistic concurrency
 * testing, by Burckhardt, Kothari, Musuvathi and Nagarakatte (2010). With n steps and k that compete it finds a bug of
 * depth d with a probability of at least 1/(n·k^(d-1)) in each run.
 */
export class PriorityStrategy extends RandomStrategy {
  private readonly priorities = new Map<object, number>();
  private readonly changes = new Set<number>();
  private steps = 0;
  private lowest = 0;

  constructor(
    random: RandomSource,
    private readonly orders: Statistics,
  ) {
    super(random, orders);
    const length = Math.max(1, Math.ceil(orders.perRun('order')));
    for (let left = this.below(MOST_CHANGES + 1); left > 0; left--) this.changes.add(this.below(length));
  }

  override answer(n: number, what: Choice | string): number {
    const rivals = typeof what === 'string' ? undefined : what.rivals;
    if (rivals === undefined) return super.answer(n, what);
    this.orders.note('order');
    if (this.changes.has(this.steps++)) {
      const first = rivals[this.highest(rivals)];
      // Below all that there have been, and those to come.
      if (first !== undefined) this.priorities.set(first, --this.lowest);
    }
    return this.highest(rivals);
  }

  private highest(rivals: readonly object[]): number {
    let found = 0;
    let most = -Infinity;
    for (const [at, rival] of rivals.entries()) {
      const priority = this.priorityOf(rival);
      if (priority <= most) continue;
      most = priority;
      found = at;
    }
    return found;
  }

  private priorityOf(rival: object): number {
    let priority = this.priorities.get(rival);
    if (priority === undefined) {
      priority = this.random();
      this.priorities.set(rival, priority);
    }
    return priority;
  }
}
