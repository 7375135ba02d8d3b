import type { Duration } from '../time/duration';
import type { Task } from '../time/Timers';
import { NO_SLOT } from '../time/TimerQueue';
import type { Cancelled } from './Cancelled';
import { PromisedWait } from './PromisedWait';
import type { WaitList } from './Wait';

/** A wait that a timer ends. */
export class Sleep extends PromisedWait<void> implements Task {
  private slot: number;

  constructor(waits: WaitList, span: Duration, ms: number, on: 'sleep' | 'retry' = 'sleep') {
    super(waits, on, span);
    const { scope, rank } = waits.run;
    this.slot = scope.arm(this.since + ms, this, rank);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.succeed();
  }

  protected override cancelled(reason: Cancelled): void {
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
    super.cancelled(reason);
  }
}
