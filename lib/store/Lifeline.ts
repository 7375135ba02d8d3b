import { Subscription } from 'rxjs';
import type { Scheduler } from '../time/queue/Scheduler';
import { ENDLESS } from '../time/queue/rank';
import { NO_SLOT } from '../time/queue/TimerQueue';
import type { Task } from '../time/queue/Timers';
import type { Shelf } from './Shelf';

/** How exactly it is known when the host ended, in ms. */
const STEP = 1000;
const ID = '1';

/**
 * Writes down that the host lives, as long as somebody goes by the time that it has lived: once a second. How it is
 * stopped is known to the ms; a crash, to the step.
 */
export class Lifeline implements Task {
  /** Until when the host before this one has lived, by the wall clock; undefined if nobody has written that down. */
  livedUntil: number | undefined;
  private users = 0;
  private slot = NO_SLOT;
  private isOpen = false;

  constructor(
    private readonly shelf: Shelf,
    private readonly scheduler: Scheduler,
  ) {}

  begin(): void {
    this.isOpen = true;
    const kept = this.shelf.get(ID);
    if (typeof kept === 'number') this.livedUntil = kept;
    if (this.users > 0) this.beat();
  }

  /** Somebody goes by it from now on. */
  use(): Subscription {
    if (this.users++ === 0 && this.isOpen) this.beat();
    return new Subscription(() => {
      this.users--;
    });
  }

  end(): void {
    if (this.slot === NO_SLOT) return;
    this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
    this.shelf.put(ID, this.scheduler.wallNow());
  }

  vanish(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  /** What is not written down until the next beat counts as lived. */
  run(): void {
    this.slot = NO_SLOT;
    if (this.users > 0) this.beat();
  }

  fail(error: unknown): void {
    throw error;
  }

  private beat(): void {
    this.shelf.put(ID, this.scheduler.wallNow() + STEP);
    if (this.slot === NO_SLOT) this.slot = this.scheduler.arm(this.scheduler.now() + STEP, this, ENDLESS);
  }
}
