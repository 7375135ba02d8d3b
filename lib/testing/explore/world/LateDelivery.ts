import type { Task, Timers } from '../../../time/queue/Timers';
import { captureContext } from '../../../time/present/Context';
import type { Rank } from '../../../time/queue/rank';

/** Something on its way over the bus that comes later than it would by itself. */
export class LateDelivery implements Task {
  readonly context = captureContext();

  /**
   * @param receiver whoever gets it: what he gets keeps its order
   * @param title what it is, in words
   */
  constructor(
    readonly receiver: object,
    readonly title: string,
    private readonly deliver: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  send(timers: Timers, due: number, rank: Rank): this {
    timers.arm(due, this, rank);
    return this;
  }

  run(): void {
    this.deliver();
  }

  fail(error: unknown): void {
    this.onError(error);
  }
}
