import { isOwnClock } from '../clock/ownClocks';
import { isTimeHeld } from '../clock/heldTime';
import { onHostTurn } from '../clock/hostTurn';
import type { Rank } from './rank';
import type { Scheduler } from './Scheduler';
import { NO_SLOT } from './TimerQueue';
import type { Task } from './Timers';

/** A task that is mostly disarmed soon after it has been armed. */
export interface DeadlineTask extends Task {
  /** How long it may take, in ms. */
  readonly timeout: number;
  readonly rank: Rank;
  /** Is set here; `NO_SLOT` while it is not armed. */
  deadlineSlot: number;
}

/** The slot of the first one that is not in the queue yet; others have lesser ones. */
const FIRST = NO_SLOT - 1;

/**
 * Arms what is to be given up at an instant, unless it ends before; mostly it ends in the same turn of the host. Until
 * that is over the clock of the machine can wake nobody, so only what is left then goes into the scheduler's queue.
 * The bench row `call round trip … one after another` costs twice as much without it: nearly each call would have a
 * timer of the host's. Their time counts from then on. A clock that others move may come to an instant within a turn: there it is armed at once.
 */
export class Deadlines {
  private fresh: (DeadlineTask | undefined)[] = [];
  private willLook = false;
  private readonly isOwn: boolean;

  constructor(private readonly scheduler: Scheduler) {
    this.isOwn = isOwnClock(scheduler.clock);
  }

  arm(task: DeadlineTask): void {
    if (!this.isOwn || isTimeHeld()) {
      this.enqueue(task);
      return;
    }
    task.deadlineSlot = FIRST - this.fresh.length;
    this.fresh.push(task);
    if (this.willLook) return;
    this.willLook = true;
    onHostTurn(this.look);
  }

  disarm(task: DeadlineTask): void {
    const { deadlineSlot: slot } = task;
    if (slot === NO_SLOT) return;
    task.deadlineSlot = NO_SLOT;
    if (slot > NO_SLOT) this.scheduler.disarm(slot);
    else if (FIRST - slot === this.fresh.length - 1) this.fresh.pop();
    else this.fresh[FIRST - slot] = undefined;
  }

  private readonly look = (): void => {
    const { fresh } = this;
    this.willLook = false;
    this.fresh = [];
    for (const task of fresh) {
      if (task === undefined) continue;
      task.deadlineSlot = NO_SLOT;
      try {
        this.enqueue(task);
      } catch (error) {
        task.fail(error);
      }
    }
  };

  private enqueue(task: DeadlineTask): void {
    task.deadlineSlot = this.scheduler.arm(this.scheduler.now() + task.timeout, task, task.rank);
  }
}
