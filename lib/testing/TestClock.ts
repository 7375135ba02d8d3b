import type { Clock, Wake } from '../time/Clock';
import { type Duration, toMs } from '../time/duration';
import type { Scheduler } from '../time/Scheduler';
import type { VirtualClock } from '../time/VirtualClock';

/** The clock of a marble test. It can be given to `createHost`, for a second host on the same time. */
export class TestClock implements Clock {
  /** How many sleeps the body waits in. */
  private sleepers = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly scheduler: Scheduler,
  ) {}

  get isSleptOn(): boolean {
    return this.sleepers > 0;
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
    this.sleepers++;
    await new Promise<void>((resolve) => {
      this.scheduler.schedule(() => {
        resolve();
      }, ms);
    });
    this.sleepers--;
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
