import { ENDLESS, FINITE, INTERVAL, type Rank } from './rank';

/** Whom work is done for: a stream of an agent, or a run in one. */
export interface Worker {
  /** The stream's name. */
  readonly stream: string;
  /** The agent's part of the scheduler. */
  readonly owner: object;
  /** The run's number. */
  readonly id?: number;
  /** Its work by rank, as far as there has been any; {@link Present} keeps it here. */
  moments?: (Moment | undefined)[] | undefined;
}

/** What may run at a time. There is one object for each kind, so that entering it allocates nothing. */
export interface Moment {
  /** What is armed meanwhile has no lesser rank. */
  readonly rank: Rank;
  /** Who is at work, if that is known. */
  readonly worker: Worker | undefined;
}

const NOTHING: Moment = { rank: FINITE, worker: undefined };
const NOBODYS: readonly Moment[] = [
  NOTHING,
  { rank: INTERVAL, worker: undefined },
  { rank: ENDLESS, worker: undefined },
];

/**
 * What runs now on a scheduler: of which rank, and for which stream. Whoever calls others enters it and leaves it
 * again; what is armed and subscribed meanwhile goes by it. (In which context it runs is the host's own to say.)
 */
export class Present {
  private moment = NOTHING;

  get rank(): Rank {
    return this.moment.rank;
  }

  get worker(): Worker | undefined {
    return this.moment.worker;
  }

  /** Begins a task of the scheduler, whatever one before it has left by throwing. */
  begin(rank: Rank): void {
    this.moment = nobodys(rank);
  }

  /** The last task has been done. */
  end(): void {
    this.moment = NOTHING;
  }

  /** Enters something, and gives what is around it, to be given back to `leave`. */
  enter(rank: Rank, worker: Worker | undefined): Moment {
    const { moment } = this;
    // Mostly a timer, its handler and what that gives are of one stream.
    if (moment.worker !== worker || moment.rank !== rank)
      this.moment = worker === undefined ? nobodys(rank) : momentOf(worker, rank);
    return moment;
  }

  leave(around: Moment): void {
    this.moment = around;
  }
}

function nobodys(rank: Rank): Moment {
  return NOBODYS[rank] ?? NOTHING;
}

function momentOf(worker: Worker, rank: Rank): Moment {
  const moments = (worker.moments ??= []);
  return (moments[rank] ??= { rank, worker });
}
