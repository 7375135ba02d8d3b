/* eslint-disable @typescript-eslint/no-deprecated --
   RxJS 7's own operators are made like this. */
import type { Subscriber } from 'rxjs';
import { captureContext, type Context } from '../present/Context';
import { LeanSubscriber } from './LeanSubscriber';
import type { Worker } from '../present/Present';
import { NO_SLOT } from '../queue/TimerQueue';
import type { Task, TimerPart, Timers } from '../queue/Timers';
import { isSupersedable, type Supersedable } from './TimerSubscriber';

/** What is to be done with a trigger. */
export interface AfterPlan<T> {
  /** The wait, in ms. */
  waitOf(trigger: T): number;
  keyOf(trigger: T): unknown;
}

/** One subscription of `after` with a key: each key has a wait of its own while there is one, and nothing is kept of others. */
export class KeyedAfterSubscriber<T> extends LeanSubscriber<T> implements TimerPart {
  readonly part = 'timer';
  readonly kind = 'after';
  readonly place: Worker | undefined;
  readonly waits = new Map<unknown, KeyedWait<T>>();
  private readonly supersedable: Supersedable<T> | undefined;
  private isHalted = false;
  private haveTriggersEnded = false;
  private hasEnded = false;

  constructor(
    readonly result: Subscriber<T>,
    readonly timers: Timers,
    private readonly plan: AfterPlan<T>,
  ) {
    super();
    this.supersedable = isSupersedable<T>(result) ? result : undefined;
    this.place = timers.enter(this);
  }

  /** The earliest. */
  get due(): number | undefined {
    let earliest: number | undefined;
    for (const due of this.dues()) if (earliest === undefined || due < earliest) earliest = due;
    return earliest;
  }

  *dues(): Iterable<number> {
    for (const { due } of this.waits.values()) yield due;
  }

  fired(wait: KeyedWait<T>): void {
    this.waits.delete(wait.key);
    this.timers.timerWatcher?.timerFired(this, 0);
    if (!this.isHalted) this.result.next(wait.value);
    if (this.haveTriggersEnded && this.waits.size === 0 && !this.hasEnded) this.end();
  }

  failed(error: unknown): void {
    this.result.error(error);
  }

  halt(): void {
    this.isHalted = true;
    this.disarm();
  }

  override unsubscribe(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.disarm();
    this.timers.leave(this);
    super.unsubscribe();
  }

  /** Whether nothing is to be armed any more: a function of the user's may unsubscribe, or stop the agent. */
  private get isOver(): boolean {
    return this.hasEnded || this.isHalted;
  }

  protected override _next(trigger: T): void {
    if (this.isOver) return;
    try {
      this.supersedable?.supersedeBy(trigger);
      const key = this.plan.keyOf(trigger);
      const due = this.timers.now() + this.plan.waitOf(trigger);
      this.arm(key, trigger, due);
    } catch (error) {
      this.result.error(error);
    }
  }

  protected override _error(error: unknown): void {
    this.result.error(error);
    this.unsubscribe();
  }

  /** When the triggers end, their source is let go of at once, and what is armed still comes. */
  protected override _complete(): void {
    this.haveTriggersEnded = true;
    if (this.waits.size === 0) {
      this.end();
      return;
    }
    super.unsubscribe();
    this.result.add(() => {
      this.unsubscribe();
    });
  }

  private arm(key: unknown, value: T, due: number): void {
    if (this.isOver) return;
    const known = this.waits.get(key);
    if (known === undefined) {
      const wait = new KeyedWait(this, key, value, due);
      this.waits.set(key, wait);
      wait.arm();
    } else known.rearm(value, due);
    this.timers.timerWatcher?.timerArmed(this, due);
  }

  private disarm(): void {
    const waits = [...this.waits.values()];
    this.waits.clear();
    for (const wait of waits) {
      wait.disarm();
      this.timers.timerWatcher?.timerCancelled(this);
    }
  }

  private end(): void {
    this.result.complete();
    this.unsubscribe();
  }
}

/** The wait of one key. */
class KeyedWait<T> implements Task {
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
    this.owner.failed(error);
  }
}
