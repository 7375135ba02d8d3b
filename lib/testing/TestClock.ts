import type { Clock, Wake } from '../time/Clock';
import { type Duration, toMs } from '../time/duration';
import type { Scheduler } from '../time/Scheduler';
import type { VirtualClock } from '../time/VirtualClock';

/** The clock of a marble test. It can be given to `createHost`, for a second host on the same time. */
export class TestClock implements Clock {
  /** When the body wakes that sleeps, for each sleep. */
  private readonly sleeps = new Set<{ readonly until: number }>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly scheduler: Scheduler,
  ) {}

  get isSleptOn(): boolean {
    return this.sleeps.size > 0;
  }

  /** The last instant at which somebody wakes, or -Infinity. */
  get sleptUntil(): number {
    let last = -Infinity;
    for (const { until } of this.sleeps) last = Math.max(last, until);
    return last;
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
    const sleep = { until: this.clock.now() + ms };
    this.sleeps.add(sleep);
    await new Promise<void>((resolve) => {
      this.scheduler.schedule(() => {
        this.sleeps.delete(sleep);
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
