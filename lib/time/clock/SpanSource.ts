/* eslint-disable @typescript-eslint/unbound-method --
   The function is only looked at, to see whether it is another one. */
import { holdsDate } from './foreignFakeTimers';
import { isTimeHeld } from './heldTime';

const ownNow = globalThis.performance.now;

/**
 * Measures what has passed since it was made, by the monotonic clock that is there when it is read. A test may put
 * another one in its place at any moment, which then counts from where the one before was read last.
 */
export class SpanSource {
  private passed = 0;
  private source = currentSource();
  /** What the source showed when it came into use, and what had passed by then: apart, since their sum is not exact. */
  private start = read(this.source);
  private before = 0;

  /** The ms that have passed. */
  read(): number {
    const source = currentSource();
    if (source !== this.source) {
      this.source = source;
      this.start = read(source);
      this.before = this.passed;
    }
    const passed = this.before + (read(source) - this.start);
    // A Date that stands in for a clock may be set back.
    if (passed > this.passed) this.passed = passed;
    return this.passed;
  }
}

/** What stands for the clock: `Date`, or the function `performance.now`. */
type Source = DateConstructor | Performance['now'];

/** A tool may hold the timers and the Date, but not this clock, as `node:test` does. */
function currentSource(): Source {
  const { now } = performance;
  return now === ownNow && isTimeHeld() && holdsDate() ? Date : now;
}

function read(source: Source): number {
  return source === Date ? Date.now() : performance.now();
}

/** Whether the clock shows what a tool says that holds the timers. */
export function isSpanHeld(): boolean {
  return performance.now !== ownNow || holdsDate();
}
