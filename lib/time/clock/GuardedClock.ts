import { AgentError } from '../../AgentError';
import { isA } from '../../readError';
import type { Clock, Wake } from './Clock';
import { isOwnClock, markOwnClock } from './ownClocks';

/** How long it takes until a clock that has failed to wake anybody is asked again, in ms. */
const AGAIN = 1000;

/** A wake-up that the clock has not taken yet. */
interface Missed {
  wake: Wake;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A clock of somebody else's, which may throw: time stands still meanwhile, and no wake-up is lost. That is told
 * once, until the clock works again. A refusal, which is an AgentError, is passed on, and so is what it throws
 * before it has worked at all.
 */
export class GuardedClock implements Clock {
  private instant: number | undefined;
  private wallAhead = 0;
  private readonly failing = new Set<keyof Clock>();
  private readonly missed = new Set<Missed>();

  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    if (isOwnClock(clock)) markOwnClock(this);
  }

  now(): number {
    try {
      const instant = this.clock.now();
      if (this.failing.size > 0) this.failing.delete('now');
      return (this.instant = instant);
    } catch (error) {
      if (this.instant === undefined) throw error;
      this.failed('now', error);
      return this.instant;
    }
  }

  wallNow(): number {
    try {
      const wall = this.clock.wallNow();
      if (this.failing.size > 0) this.failing.delete('wallNow');
      if (this.instant !== undefined) this.wallAhead = wall - this.instant;
      return wall;
    } catch (error) {
      this.failed('wallNow', error);
      return this.now() + this.wallAhead;
    }
  }

  wakeAt(at: number, wake: () => void): Wake {
    try {
      const given = this.clock.wakeAt(at, wake);
      if (this.failing.size > 0) this.failing.delete('wakeAt');
      return given;
    } catch (error) {
      if (isA(error, AgentError)) throw error;
      this.failed('wakeAt', error);
      const missed: Missed = { wake: undefined, timer: undefined };
      this.missed.add(missed);
      this.tryAgain(missed, at, wake);
      return missed;
    }
  }

  cancel(wake: Wake): void {
    if (this.missed.size > 0 && this.missed.delete(wake as Missed)) {
      const { timer, wake: taken } = wake as Missed;
      if (timer === undefined) this.cancel(taken);
      else clearTimeout(timer);
      return;
    }
    try {
      this.clock.cancel(wake);
      if (this.failing.size > 0) this.failing.delete('cancel');
    } catch (error) {
      // Who is woken in vain looks at the time, and sleeps again.
      this.failed('cancel', error);
    }
  }

  /** Mostly it works at the second time; a clock that goes on failing is asked now and then. */
  private tryAgain(missed: Missed, at: number, wake: () => void): void {
    const woken = (): void => {
      if (this.missed.delete(missed)) wake();
    };
    try {
      missed.timer = undefined;
      missed.wake = this.clock.wakeAt(at, woken);
      this.failing.delete('wakeAt');
    } catch {
      missed.timer = setTimeout(() => {
        this.tryAgain(missed, at, wake);
      }, AGAIN);
    }
  }

  private failed(method: keyof Clock, error: unknown): void {
    if (this.failing.has(method)) return;
    this.failing.add(method);
    this.onError(error);
  }
}
