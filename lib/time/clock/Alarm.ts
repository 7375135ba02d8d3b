import type { Clock, Wake } from './Clock';

/** The one wake-up at most that a scheduler has with its clock. */
export class Alarm {
  /** The instant it is set for, or Infinity. */
  due = Infinity;
  private wake: Wake;

  /** @param slack what span wake-ups are rounded up to a multiple of, in ms; 0 for none */
  constructor(
    private readonly clock: Clock,
    private readonly turn: Pick<Clock, 'now'>,
    private readonly slack: number,
    private readonly ring: () => void,
  ) {}

  /** Sets it, instead of what it was set for. If the clock refuses that, it is not set. */
  set(due: number): void {
    this.cancel();
    // The product may come out below the instant by a rounding error, which would wake for nothing over and over.
    const { slack } = this;
    const rounded = slack > 0 && due > this.turn.now() ? Math.max(due, Math.ceil(due / slack) * slack) : due;
    this.wake = this.clock.wakeAt(rounded, this.ring);
    this.due = due;
  }

  /** Takes note that it has rung. */
  hasRung(): void {
    this.due = Infinity;
  }

  cancel(): void {
    if (this.due !== Infinity) this.clock.cancel(this.wake);
    this.due = Infinity;
  }
}
