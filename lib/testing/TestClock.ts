import type { Clock, Wake } from '../time/Clock';
import { type Duration, toMs } from '../time/duration';
import type { Scheduler } from '../time/Scheduler';
import type { VirtualClock } from '../time/VirtualClock';

/** The clock of a marble test. It can be given to `createHost`, for a second host on the same time. */
export class TestClock implements Clock {
  private sleeps = 0;
  /** The last instant at which somebody wakes or has woken. It is never taken back: what has passed is no horizon. */
  private lastWake = -Infinity;

  constructor(
    private readonly clock: VirtualClock,
    private readonly scheduler: Scheduler,
  ) {}

  get isSleptOn(): boolean {
    return this.sleeps > 0;
  }

  /** The last instant at which somebody wakes, if it is still to come. */
  get sleptUntil(): number {
    return this.lastWake;
  }

  now(): number {
    return this.clock.now();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  wakeAt(at: number, wake: () => void): Wake {
    return this.clock.wakeAt(at, wake);
  }

  cancel(wake: Wake): void {
    this.clock.cancel(wake);
  }

  /** Resolves after a span of virtual time. */
  async sleep(span: Duration): Promise<void> {
    const ms = toMs(span);
    this.sleeps++;
    this.lastWake = Math.max(this.lastWake, this.clock.now() + ms);
    await new Promise<void>((resolve) => {
      this.scheduler.schedule(() => {
        this.sleeps--;
        resolve();
      }, ms);
    });
  }

  /** Lets a span pass in which nothing runs, as when the machine stalls or sleeps: what came due is late then. */
  stall(span: Duration): void {
    this.clock.stall(span);
  }

  /** Sets the wall clock forward by so many ms, or back by a negative number. Spans are not concerned. */
  setWallBy(ms: number): void {
    this.clock.setWallBy(ms);
  }
}
