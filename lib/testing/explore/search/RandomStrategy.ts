import type { Choice } from '../../../time/choices/Choices';
import type { RandomSource } from '../../../time/spans/random';
import type { Strategy } from '../tape/Strategy';
import { kindOf, type Statistics } from './Statistics';

/** What is seldom chosen, so that it comes at any place of a run and not only at the first that there is. */
const RARE: ReadonlySet<string> = new Set(['fault', 'disturb', 'stall']);
/** How many of a rare kind there are in a run on the average. */
const RARE_PER_RUN = 1.5;
/** How much of what it may choose a run chooses, kind by kind: one that changes everything hides what matters. */
const DENSITIES = [0, 0.03, 0.1, 0.3, 0.6, 1];
/** From so many answers on, some are likelier to matter. */
const MANY = 8;

/** Answers at random. */
export class RandomStrategy implements Strategy {
  private readonly densities = new Map<string, number>();

  constructor(
    protected readonly random: RandomSource,
    private readonly statistics: Statistics,
  ) {}

  answer(n: number, what: Choice | string): number {
    const kind = kindOf(what);
    this.statistics.note(kind);
    return this.random() < this.densityOf(kind) ? this.draw(n, what) : 0;
  }

  protected below(n: number): number {
    return Math.floor(this.random() * n);
  }

  private draw(n: number, what: Choice | string): number {
    if (n < MANY || typeof what === 'string') return this.below(n);
    const hints = this.random() < 0.5 ? (what.hints?.() ?? []) : [];
    return hints[this.below(hints.length)] ?? this.below(n);
  }

  private densityOf(kind: string): number {
    let density = this.densities.get(kind);
    if (density === undefined) {
      density = RARE.has(kind)
        ? Math.min(1, RARE_PER_RUN / this.statistics.perRun(kind))
        : (DENSITIES[this.below(DENSITIES.length)] ?? 1);
      this.densities.set(kind, density);
    }
    return density;
  }
}
