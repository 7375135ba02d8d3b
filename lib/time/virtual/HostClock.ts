import type { Clock, Wake } from '../clock/Clock';

interface Waking {
  readonly at: number;
  readonly wake: () => void;
  inner: Wake;
}

/** The clock of one of several hosts on the same time: it can be made to wake nobody for a while, as where a process stands still. */
export class HostClock implements Clock {
  private stalledUntil = -Infinity;
  private readonly waking = new Set<Waking>();

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  wakeAt(at: number, wake: () => void): Wake {
    const waking: Waking = { at, wake, inner: undefined };
    this.waking.add(waking);
    this.arm(waking);
    return waking;
  }

  cancel(wake: Wake): void {
    const waking = wake as Waking;
    if (this.waking.delete(waking)) this.clock.cancel(waking.inner);
  }

  get isStalled(): boolean {
    return this.clock.now() < this.stalledUntil;
  }

  /** Wakes nobody before an instant; to name an earlier one than before ends it earlier. */
  stallUntil(instant: number): void {
    this.stalledUntil = instant;
    for (const waking of this.waking) {
      this.clock.cancel(waking.inner);
      this.arm(waking);
    }
  }

  private arm(waking: Waking): void {
    waking.inner = this.clock.wakeAt(Math.max(waking.at, this.stalledUntil), () => {
      this.waking.delete(waking);
      waking.wake();
    });
  }
}
