import { Backlog } from '../../time/queue/Backlog';
import type { Context } from '../../time/present/Context';
import { FINITE, type Rank } from '../../time/queue/rank';
import type { Task } from '../../time/queue/Timers';
import type { BusContext } from '../bus/Bus';

/** So much is handed over by one task; then others have their turn. */
const PER_TASK = 1000;
/** So many times in a row something may be handed over in a microtask before others have a turn of the host. */
const HOPS_PER_TURN = 100;
const SOON = Promise.resolve();

/** Something under way, with the rank and the context of what sent it. It must not throw when it is handed over. */
export interface Item {
  readonly rank: Rank;
  readonly context: Context | undefined;
  handOver(): void;
}

/** Hands over what is under way on a bus in memory, in the order in which it was sent, and never within the sending. */
export class Dispatch implements Task {
  private readonly queue = new Backlog<Item>();
  /** What is handed over in the next microtask, and how many such there have been since the last task. */
  private readonly urgent = new Backlog<Item>();
  private hops = 0;
  /** The rank of the task that is armed, if there is one. */
  private armed: Rank | undefined;

  constructor(private readonly host: BusContext) {}

  /** The rank of whatever runs now. */
  get rank(): Rank {
    return this.host.timers.present.rank;
  }

  get isEmpty(): boolean {
    return this.queue.size === 0 && this.urgent.size === 0;
  }

  /** Hands it over in a task of the host's scheduler, at this instant. */
  send(item: Item): void {
    this.queue.push(item);
    if (this.armed === undefined || item.rank < this.armed) this.arm(item.rank);
  }

  /**
   * Hands it over in a microtask, which costs no turn of the host, unless something that was sent before is still
   * under way. What goes on and on in this manner leaves others a turn now and then.
   */
  sendSoon(item: Item): void {
    const { urgent } = this;
    if (this.queue.size > 0 || this.hops === HOPS_PER_TURN) {
      this.send(item);
      return;
    }
    urgent.push(item);
    if (urgent.size === 1) this.hop();
  }

  /** Hands over what is under way, but no more than that: what comes of it has a task of its own. */
  run(): void {
    this.armed = undefined;
    this.hops = 0;
    this.take(this.queue, PER_TASK);
    if (this.queue.size > 0) this.arm(FINITE);
  }

  fail(error: unknown): void {
    this.host.onError(error);
  }

  private hop(): void {
    this.hops++;
    void SOON.then(this.runUrgent);
  }

  private readonly runUrgent = (): void => {
    const { urgent, hops } = this;
    this.take(urgent, Infinity);
    // What was handed over may have sent more.
    if (urgent.size > 0 && hops < HOPS_PER_TURN) this.hop();
    else while (urgent.size > 0) this.send(urgent.shift());
  };

  private take(items: Backlog<Item>, most: number): void {
    const { present } = this.host.timers;
    for (let count = Math.min(items.size, most); count > 0; count--) {
      const item = items.shift();
      const { rank: outerRank, worker: outer } = present;
      const { context } = item;
      present.become(item.rank, undefined);
      // No closure for each: the bench rows of `messages` show it.
      if (context === undefined) item.handOver();
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the item
      else context.runInAsyncScope(item.handOver, item);
      present.become(outerRank, outer);
    }
  }

  private arm(rank: Rank): void {
    const { timers } = this.host;
    this.armed = rank;
    timers.arm(timers.now(), this, rank);
  }
}
