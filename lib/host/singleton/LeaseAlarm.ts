import { ENDLESS } from '../../time/queue/rank';
import type { Scheduler } from '../../time/queue/Scheduler';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';

/** A timer that is armed anew before it is due, over and over; it does not hold up the end of a marble test. */
export class LeaseAlarm implements Task {
  private slot = NO_SLOT;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly work: () => void,
  ) {}

  arm(due: number): void {
    this.cancel();
    this.slot = this.scheduler.arm(due, this, ENDLESS);
  }

  cancel(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.work();
  }

  fail(error: unknown): void {
    throw error;
  }
}
