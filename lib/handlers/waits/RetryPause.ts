import { captureContext } from '../../time/present/Context';
import type { Task } from '../../time/queue/Timers';
import { Wait, type WaitList } from './Wait';

/** The wait of a run that has not begun yet: the pause before its attempt. */
export class RetryPause extends Wait implements Task {
  /** The attempt belongs to whatever the one before it belonged to. */
  readonly context = captureContext();
  private readonly slot: number;

  constructor(
    waits: WaitList,
    ms: number,
    private readonly begin: () => void,
    private readonly onCancel: () => void,
  ) {
    super(waits, 'retry', ms);
    const { scope, rank } = waits.run;
    this.slot = scope.arm(this.since + ms, this, rank);
  }

  run(): void {
    if (this.close()) this.begin();
  }

  fail(): void {
    // A run takes what its handler throws upon itself.
  }

  protected override letGo(): void {
    this.waits.run.scope.disarm(this.slot);
  }

  protected override cancelled(): void {
    this.waits.run.scope.disarm(this.slot);
    this.onCancel();
  }
}
