import { FINITE, INTERVAL } from '../../time/queue/rank';
import type { Scheduler } from '../../time/queue/Scheduler';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';

/** The wait before agents start again. */
export class RestartTimer implements Task {
  private slot: number;

  /** @param restart which restart in a row it is */
  constructor(
    private readonly scheduler: Scheduler,
    readonly due: number,
    restart: number,
    private readonly onDue: () => void,
  ) {
    // Who fails over and over may do so without an end: nobody has to wait for that.
    this.slot = scheduler.arm(due, this, restart > 1 ? INTERVAL : FINITE);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.onDue();
  }

  fail(error: unknown): void {
    throw error;
  }

  cancel(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }
}
