import { captureContext } from '../../time/present/Context';
import type { Rank } from '../../time/queue/rank';
import type { Task } from '../../time/queue/Timers';
import type { Draws } from './Draws';
import type { Qualities } from './options';

/** Where a road leads. */
export interface Traveller {
  /** Arms a task in so many ms, and not before an instant; gives when that is. */
  arm(ms: number, from: number, task: Task, rank: Rank): number;
  onError(error: unknown): void;
}

/** The way from one host to another. What goes on it keeps its order, but for what overtakes. */
export class Road {
  /** When the last of what keeps its order arrives. */
  private last = -Infinity;

  /**
   * @param name both hosts, as a search tells of them: `'a to b'`
   * @param isOpen whether nothing cuts it off now
   */
  constructor(
    private readonly name: string,
    private readonly qualities: Qualities,
    private readonly draws: Draws,
    private readonly isOpen: () => boolean,
  ) {}

  /** Sends a message, which may be lost, come twice, or overtake others. */
  message(topic: string, to: Traveller, rank: Rank, arrive: () => void, lost: () => void): void {
    const { qualities, draws } = this;
    const what = `the message on ${topic} from ${this.name}`;
    if (draws.happens(qualities.loss, 'loss', what)) {
      this.travel(what, to, rank, lost, true);
      return;
    }
    const overtakes = draws.happens(qualities.reordering, 'reordering', what);
    this.travel(what, to, rank, arrive, !overtakes);
    if (draws.happens(qualities.duplication, 'duplication', what)) this.travel(what, to, rank, arrive, false);
  }

  /** Sends a part of a call, which may be lost. */
  call(part: string, to: Traveller, rank: Rank, arrive: () => void): void {
    const { qualities, draws } = this;
    const what = `${part} from ${this.name}`;
    if (!draws.happens(qualities.loss, 'loss', what)) this.travel(what, to, rank, arrive, true);
  }

  private travel(what: string, to: Traveller, rank: Rank, arrive: () => void, keepsOrder: boolean): void {
    if (!this.isOpen()) return;
    const { qualities, draws, isOpen } = this;
    const ms = draws.span(qualities.shortest, qualities.longest, what);
    const task = new Arrival(
      what,
      keepsOrder ? this : {},
      () => {
        // What is under way when the road is cut is lost.
        if (isOpen()) arrive();
      },
      (error) => {
        to.onError(error);
      },
    );
    const due = to.arm(ms, keepsOrder ? this.last : -Infinity, task, rank);
    if (keepsOrder) this.last = due;
  }
}

/** Something that is under way. */
export class Arrival implements Task {
  readonly context = captureContext();

  /** @param lane what it keeps its order on */
  constructor(
    readonly title: string,
    readonly lane: object,
    readonly run: () => void,
    readonly fail: (error: unknown) => void,
  ) {}
}
