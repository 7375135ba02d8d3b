import { TestScheduler } from 'rxjs/testing';
import { replaceProperty } from '../time/replaceProperty';

/** What the methods of a `TestScheduler` do in a marble test; `now` is its `frame`. */
export type TestSchedulerMethods = Readonly<Record<string, unknown>> & { readonly now: () => number };

const FRAME = 'frame';
/** The name is shared by all copies of the kit that use one copy of RxJS. */
const TIME = Symbol.for('rx-agent-kit.test-scheduler-time');
const OWN_FRAME = Symbol('own frame');

interface Frames {
  [TIME]?: () => number;
  [OWN_FRAME]?: number;
}

const prototype = TestScheduler.prototype as TestScheduler & Frames;

// RxJS's constructor assigns `frame`, which therefore arrives here; outside of marble tests it is kept as it is.
if (!Object.hasOwn(prototype, FRAME)) {
  Object.defineProperty(prototype, FRAME, {
    configurable: true,
    get(this: Frames) {
      return prototype[TIME]?.() ?? this[OWN_FRAME] ?? 0;
    },
    set(this: Frames, frame: number) {
      this[OWN_FRAME] = frame;
    },
  });
}

/**
 * Lets every `TestScheduler` show the time of the marble test, and schedule there: specs that were written for one
 * pass it to operators, as in `delay(3, testScheduler)`.
 *
 * @returns the ways to put back what was there
 */
export function adoptTestSchedulers({ now, ...methods }: TestSchedulerMethods): (() => void)[] {
  prototype[TIME] = now;
  const restorers = Object.entries(methods).map(([name, method]) => replaceProperty(prototype, name, method));
  return [...restorers, () => delete prototype[TIME]];
}
