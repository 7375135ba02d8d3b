import type { Clock } from './Clock';

const own = new WeakSet<Clock>();

/** Takes note of a clock that wakes by the host's own timers: in a turn of the host's, and never within one. */
export function markOwnClock(clock: Clock): void {
  own.add(clock);
}

/** Whether a clock is known to wake nobody before the present turn of the host is over. */
export function isOwnClock(clock: Clock): boolean {
  return own.has(clock);
}
