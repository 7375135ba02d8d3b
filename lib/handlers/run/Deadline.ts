import type { Rank } from '../../time/queue/rank';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task, Timers } from '../../time/queue/Timers';

/** An instant at which something is given up, unless that has ended before. */
export class Deadline implements Task {
  private slot: number;

  constructor(
    private readonly timers: Pick<Timers, 'arm' | 'disarm'>,
    due: number,
    rank: Rank,
    private readonly giveUp: () => void,
  ) {
    this.slot = timers.arm(due, this, rank);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.giveUp();
  }

  fail(): void {
    // Who gives up takes upon himself what is thrown at that.
  }

  end(): void {
    if (this.slot !== NO_SLOT) this.timers.disarm(this.slot);
    this.slot = NO_SLOT;
  }
}
