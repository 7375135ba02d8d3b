import { FINITE, type Rank } from '../queue/rank';

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
 * What runs now on a scheduler: of which rank, and for which stream. Whoever calls others says it by `become`, and
 * afterwards that it is again what it was; what is armed and subscribed meanwhile goes by it. In which context it
 * runs is the host's own to say.
 *
 * It is two fields that callers keep and give back, since this is done twice for each run: an object for what was
 * there before, or one kept by each stream, costs the rows `cycle` and `handlers` more than all else here.
 */
export class Present {
  /** What is armed now has no lesser rank. */
  rank: Rank = FINITE;
  /** Who is at work, if that is known. */
  worker: Worker | undefined = undefined;

  /** Does work as of another rank, for whoever is at work now. */
  ranked(rank: Rank, work: () => void): void {
    const { rank: outerRank } = this;
    this.rank = rank;
    try {
      work();
    } finally {
      this.rank = outerRank;
    }
  }

  become(rank: Rank, worker: Worker | undefined): void {
    this.rank = rank;
    this.worker = worker;
  }
}
