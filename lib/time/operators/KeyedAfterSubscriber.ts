import type { Subscriber } from 'rxjs';
import { captureContext, type Context } from '../present/Context';
import type { Worker } from '../present/Present';
import { NO_SLOT } from '../queue/TimerQueue';
import type { Task, Timers } from '../queue/Timers';
import { earliest, TimedSubscriber } from './TimedSubscriber';

/** What is to be done with a trigger. */
export interface AfterPlan<T> {
  /** The wait, in ms. */
  waitOf(trigger: T): number;
  keyOf(trigger: T): unknown;
}

/** One subscription of `after` with a key: each key has a wait of its own while there is one, and nothing is kept of others. */
export class KeyedAfterSubscriber<T> extends TimedSubscriber<T, T> {
  private readonly waits = new Map<unknown, KeyedWait<T>>();

  constructor(
    result: Subscriber<T>,
    timers: Timers,
    private readonly plan: AfterPlan<T>,
  ) {
    super(result, timers, 'after');
  }

  get due(): number | undefined {
    return earliest(this.dues());
  }

  *dues(): Iterable<number> {
    for (const { due } of this.waits.values()) yield due;
  }

  fired(wait: KeyedWait<T>): void {
    this.waits.delete(wait.key);
    this.noteFired(0);
    this.emit(wait.value);
    this.endIfDone();
  }

  protected get isIdle(): boolean {
    return this.waits.size === 0;
  }

  protected override endEarlier(trigger: T): void {
    this.supersedable?.supersedeBy(trigger);
  }

  protected trigger(value: T): void {
    const key = this.plan.keyOf(value);
    const due = this.timers.now() + this.plan.waitOf(value);
    if (this.isOver) return;
    const known = this.waits.get(key);
    if (known === undefined) {
      const wait = new KeyedWait(this, key, value, due);
      this.waits.set(key, wait);
      wait.arm();
    } else known.rearm(value, due);
    this.noteArmed(due);
  }

  protected disarm(): void {
    const waits = [...this.waits.values()];
    this.waits.clear();
    for (const wait of waits) {
      wait.disarm();
      this.noteCancelled();
    }
  }
}

/** The wait of one key. */
export class KeyedWait<T> implements Task {
  /** That of the latest trigger. */
  context: Context | undefined;
  private slot = NO_SLOT;

  constructor(
    private readonly owner: KeyedAfterSubscriber<T>,
    readonly key: unknown,
    public value: T,
    public due: number,
  ) {}

  arm(): void {
    this.context = captureContext();
    const slot = this.owner.timers.arm(this.due, this);
    // Only a foreign scheduler may have run it already.
    if (slot !== NO_SLOT) this.slot = slot;
  }

  rearm(value: T, due: number): void {
    this.context = captureContext();
    this.value = value;
    this.due = due;
    this.owner.timers.rearm(this.slot, due);
  }

  disarm(): void {
    if (this.slot !== NO_SLOT) this.owner.timers.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  get place(): Worker | undefined {
    return this.owner.place;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.owner.fired(this);
  }

  fail(error: unknown): void {
    this.owner.fail(error);
  }
}
