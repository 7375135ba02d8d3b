import type { Clock } from './Clock';
import { microtask } from './microtask';

/** Reads a clock once a turn: all that happens in one sees the same instant. A turn ends with the microtasks it has queued. */
export class TurnClock {
  /** The instant of this turn, or NaN when the clock has to be read. */
  private instant = NaN;
  /** How many have begun and not ended: under a clock that somebody moves, several may begin before the first microtask. */
  private open = 0;

  constructor(private readonly clock: Clock) {}

  now(): number {
    if (this.instant !== this.instant) {
      this.begin();
      this.endSoon();
    }
    return this.instant;
  }

  /** Reads the clock in any case; whoever calls this calls `endSoon`, too. */
  begin(): number {
    this.instant = this.clock.now();
    this.open++;
    return this.instant;
  }

  /** Ends the turn behind the microtasks that are queued by now. */
  endSoon(): void {
    microtask(this.end);
  }

  private readonly end = (): void => {
    if (--this.open === 0) this.instant = NaN;
  };
}
