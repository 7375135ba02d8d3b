import type { Duration } from '../../time/spans/duration';
import type { Task } from '../../time/queue/Timers';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Cancelled } from '../run/Cancelled';
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

  protected override letGo(): void {
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  protected override cancelled(reason: Cancelled): void {
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
    super.cancelled(reason);
  }
}
