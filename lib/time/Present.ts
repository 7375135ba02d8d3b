import { FINITE, type Rank } from './rank';

/** Whom work is done for: a stream of an agent, or a run in one. */
export interface Worker {
  /** The stream's name. */
  readonly stream: string;
  /** The agent's part of the scheduler. */
  readonly owner: object;
  /** The run's number. */
  readonly id?: number;
}

/**
 * What runs now on a scheduler: of which rank, and for which stream. Whoever calls others enters it and leaves it
 * again; what is armed and subscribed meanwhile goes by it. (In which context it runs is the host's own to say.)
 */
export class Present {
  /** What is armed now has no lesser rank. */
  rank: Rank = FINITE;
  /** Who is at work, if that is known. */
  worker: Worker | undefined;
  /** What is around it, from the outside in: a stack, since this is entered for every run and every value. */
  private readonly ranks: Rank[] = [];
  private readonly workers: (Worker | undefined)[] = [];
  private depth = 0;

  /** Begins a task of the scheduler, around which there is nothing, whatever one before it has left by throwing. */
  begin(rank: Rank): void {
    this.depth = 0;
    this.rank = rank;
    this.worker = undefined;
  }

  /** The last task has been done. */
  end(): void {
    this.begin(FINITE);
  }

  enter(rank: Rank, worker: Worker | undefined): void {
    this.ranks[this.depth] = this.rank;
    this.workers[this.depth++] = this.worker;
    this.rank = rank;
    this.worker = worker;
  }

  leave(): void {
    if (this.depth === 0) return;
    this.rank = this.ranks[--this.depth] ?? FINITE;
    this.worker = this.workers[this.depth];
    this.workers[this.depth] = undefined;
  }
}
