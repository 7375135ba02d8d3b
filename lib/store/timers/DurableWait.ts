import { captureContext, type Context } from '../../time/present/Context';
import type { Worker } from '../../time/present/Present';
import type { Rank } from '../../time/queue/rank';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task, Timers } from '../../time/queue/Timers';
import type { Json } from '../Json';
import type { Armed } from './TimerPlan';

/** The timer whose wait it is. */
export interface WaitOwner<T> {
  readonly timers: Timers;
  readonly place: Worker | undefined;
  readonly rank: Rank;
  rang(wait: DurableWait<T>): void;
  fail(error: unknown): void;
}

/** One wait of a durable timer. */
export class DurableWait<T> implements Task {
  readonly context: Context | undefined = captureContext();
  /** The instant it is armed for, by the monotonic clock. */
  due = 0;
  private slot = NO_SLOT;

  constructor(
    private readonly owner: WaitOwner<T>,
    readonly id: string,
    readonly key: unknown,
    readonly trigger: T,
    /** The trigger as it is kept. */
    readonly kept: Json,
    public armed: Armed,
    /** By how much it is late, if it came due while nothing ran, in ms. */
    readonly late: number,
  ) {}

  get place(): Worker | undefined {
    return this.owner.place;
  }

  arm(): void {
    const { timers, rank } = this.owner;
    this.due = timers.now() + Math.max(0, this.armed.due - timers.wallNow());
    if (this.slot === NO_SLOT) this.slot = timers.arm(this.due, this, rank);
    else timers.rearm(this.slot, this.due);
  }

  disarm(): void {
    if (this.slot !== NO_SLOT) this.owner.timers.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.owner.rang(this);
  }

  fail(error: unknown): void {
    this.owner.fail(error);
  }
}
