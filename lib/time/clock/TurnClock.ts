import type { Clock } from './Clock';
import { isTimeHeld } from './heldTime';
import { microtask } from './microtask';

/**
 * Reads a clock once a turn: all that happens in one sees the same instant. A turn ends with the microtasks it has
 * queued. Where somebody else moves the time, it may move within a turn: there the clock is read each time.
 */
export class TurnClock {
  /** The instant of this turn, or NaN when the clock has to be read. */
  private instant = NaN;
  /** How many have ended and wait for their microtask: under a clock that somebody moves, several may. */
  private ending = 0;

  constructor(private readonly clock: Clock) {}

  now(): number {
    if (isTimeHeld()) return this.begin();
    if (this.instant !== this.instant) {
      this.begin();
      this.endSoon();
    }
    return this.instant;
  }

  /** Reads the clock in any case; whoever calls this calls `endSoon`, too. */
  begin(): number {
    const now = this.clock.now();
    this.instant = isTimeHeld() ? NaN : now;
    return now;
  }

  /** Ends the turn behind the microtasks that are queued by now. */
  endSoon(): void {
    if (this.instant !== this.instant) return;
    this.ending++;
    microtask(this.end);
  }

  private readonly end = (): void => {
    if (--this.ending === 0) this.instant = NaN;
  };
}
