import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { AgentError } from '../../AgentError';
import { divideProperty } from '../../time/virtual/divideProperty';
import type { Frames } from './Frames';

/** Where the time of a marble test is kept; the name is shared by all copies of the kit that use one copy of RxJS. */
const TIME = Symbol.for('rx-agent-kit.test-scheduler-time');

type Adoptable = Record<PropertyKey, unknown> & { [TIME]?: () => number };

const prototype = TestScheduler.prototype as TestScheduler & Adoptable;

showInTests('frame', 0, (time) => time());
showInTests('maxFrames', 750, () => Infinity);
showInTests('runMode', false, () => true);

/**
 * Lets every `TestScheduler` show something else while a marble test runs. RxJS's constructor assigns the property,
 * which therefore arrives here; outside of marble tests it is kept as it is.
 */
function showInTests(name: string, first: unknown, show: (time: () => number) => unknown): void {
  // Another copy of the kit may have been here before.
  if (Object.hasOwn(prototype, name)) return;
  const own = Symbol(name);
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Adoptable) {
      const time = prototype[TIME];
      return time === undefined ? (this[own] ?? first) : show(time);
    },
    set(this: Adoptable, value: unknown) {
      this[own] = value;
    },
  });
}

/**
 * Lets every `TestScheduler` show the time of the marble test, and do there what the helpers do: specs that were
 * written for one pass it to operators, as in `delay(3, testScheduler)`. One that is used outside of the test is let
 * alone.
 *
 * @param onUse is told when something is scheduled by it
 * @returns the ways to put back what was there
 */
export function adoptTestSchedulers(
  helpers: Omit<RunHelpers, 'animate'>,
  frames: Pick<Frames, 'now' | 'schedule'>,
  isInside: () => boolean,
  onUse: () => void,
): (() => void)[] {
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
  const divide = (owner: object, name: PropertyKey, ours: unknown) =>
    divideProperty(owner, name, isInside, ours);
  return [
    divide(prototype, TIME, () => frames.now()),
    // RxJS's `run` sets it to this; whatever parses marbles beside it reads it.
    divide(TestScheduler, 'frameTimeFactor', 1),
    ...Object.entries(methods).map(([name, method]) => divide(prototype, name, method)),
  ];
}
