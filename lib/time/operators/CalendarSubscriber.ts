import type { Subscriber } from 'rxjs';
import type { Rank } from '../queue/rank';
import type { Tick } from './Tick';
import type { TimerKind, Timers } from '../queue/Timers';
import { TimerSubscriber } from './TimerSubscriber';

/** A timer operator that is armed for instants of the wall clock, and armed anew when that clock is set. */
export abstract class CalendarSubscriber<T> extends TimerSubscriber<T, Tick> {
  private wallDue = 0;
  private readonly endWatch: () => void;

  constructor(result: Subscriber<Tick>, timers: Timers, kind: TimerKind, rank: Rank) {
    super(result, timers, kind, rank);
    this.endWatch = timers.onWallSet(() => {
      if (this.due !== undefined) this.wallSet();
    });
  }

  /** Is called when the wall clock shows the instant, or a later one. */
  protected abstract ring(wallNow: number): void;

  /** Is called when the wall clock has been set while an instant was armed. */
  protected wallSet(): void {
    this.armWall(this.wallDue);
  }

  protected armWall(wallDue: number): void {
    this.wallDue = wallDue;
    this.arm(this.timers.now() + Math.max(0, wallDue - this.timers.wallNow()));
  }

  /** The two clocks may run apart by a little: the wall clock has the say. */
  protected fire(): void {
    const wallNow = this.timers.wallNow();
    if (wallNow < this.wallDue) this.armWall(this.wallDue);
    else this.ring(wallNow);
  }

  override unsubscribe(): void {
    this.endWatch();
    super.unsubscribe();
  }
}
