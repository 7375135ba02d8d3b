import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { AgentError } from '../AgentError';
import { replaceProperty } from '../time/replaceProperty';
import type { Frames } from './Frames';

const FRAME = 'frame';
/** Where the time of a marble test is kept; the name is shared by all copies of the kit that use one copy of RxJS. */
const TIME = Symbol.for('rx-agent-kit.test-scheduler-time');
const OWN_FRAME = Symbol('own frame');

interface Adoptable {
  [TIME]?: () => number;
  [OWN_FRAME]?: number;
}

const prototype = TestScheduler.prototype as TestScheduler & Adoptable;

// RxJS's constructor assigns `frame`, which therefore arrives here; outside of marble tests it is kept as it is.
if (!Object.hasOwn(prototype, FRAME)) {
  Object.defineProperty(prototype, FRAME, {
    configurable: true,
    get(this: Adoptable) {
      return prototype[TIME]?.() ?? this[OWN_FRAME] ?? 0;
    },
    set(this: Adoptable, frame: number) {
      this[OWN_FRAME] = frame;
    },
  });
}

/**
 * Lets every `TestScheduler` show the time of the marble test, and do there what the helpers do: specs that were
 * written for one pass it to operators, as in `delay(3, testScheduler)`.
 *
 * @param onUse is told when something is scheduled by it
 * @returns the ways to put back what was there
 */
export function adoptTestSchedulers(helpers: RunHelpers, frames: Frames, onUse: () => void): (() => void)[] {
  const methods = {
    schedule: (...args: Parameters<Frames['schedule']>) => {
      onUse();
      return frames.schedule(...args);
    },
    flush: helpers.flush,
    createTime: helpers.time,
    createColdObservable: helpers.cold,
    createHotObservable: helpers.hot,
    expectObservable: helpers.expectObservable,
    expectSubscriptions: helpers.expectSubscriptions,
    run: () => {
      throw new AgentError(
        'nested-marble-test',
        'A TestScheduler was run inside a marble test: they would share one time. Use the helpers of the marble test.',
      );
    },
  };
  return [
    replaceProperty(prototype, TIME, () => frames.now()),
    ...Object.entries(methods).map(([name, method]) => replaceProperty(prototype, name, method)),
  ];
}
