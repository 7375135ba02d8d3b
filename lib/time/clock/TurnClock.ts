import type { Clock } from './Clock';
import { isTimeHeld } from './heldTime';
import { onHostTurn } from './hostTurn';
import { microtask } from './microtask';
import { type Moment, momentOf } from './Moment';
import { isOwnClock } from './ownClocks';

/**
 * Reads a clock once a turn: all that happens in one sees the same instant. A turn ends with the microtasks it has
 * queued. Where somebody else moves the time, it may move within a turn: there the clock is read each time.
 */
export class TurnClock {
  /** The instant of this turn, or NaN when the clock has to be read. */
  private instant = NaN;
  /** How many have ended and wait for their microtask: under a clock that somebody moves, several may. */
  private ending = 0;
  /** What is shown of the host's turn, which may be made of many of these; NaN when that is over. */
  private shown = NaN;
  private moment: Moment | undefined;
  private readonly isOwn: boolean;

  constructor(private readonly clock: Clock) {
    this.isOwn = isOwnClock(clock);
  }

  now(): number {
    if (isTimeHeld()) return this.begin();
    if (this.instant !== this.instant) {
      this.begin();
      this.endSoon();
    }
    return this.instant;
  }

  /**
   * An instant of this turn of the host, for what is shown only: what is armed by it could come too soon. It spares each
   * hop of a call a reading of the clock, a sixth of the bench row `call round trip … one after another`.
   */
  lately(): Moment {
    return (this.moment = momentOf(this.instantToShow(), this.moment));
  }

  private instantToShow(): number {
    if (!this.isOwn || isTimeHeld() || this.instant === this.instant) return this.now();
    if (this.shown !== this.shown) {
      this.shown = this.clock.now();
      onHostTurn(this.endShown);
    }
    return this.shown;
  }

  /** Reads the clock in any case; whoever calls this calls `endSoon`, too. */
  begin(): number {
    const now = this.clock.now();
    if (this.shown === this.shown) this.shown = now;
    this.instant = isTimeHeld() ? NaN : now;
    return now;
  }

  /** Ends the turn behind the microtasks that are queued by now. */
  endSoon(): void {
    if (this.instant !== this.instant) return;
    this.ending++;
    microtask(this.end);
  }

  private readonly endShown = (): void => {
    this.shown = NaN;
  };

  private readonly end = (): void => {
    if (--this.ending === 0) this.instant = NaN;
  };
}
