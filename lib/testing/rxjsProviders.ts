/* eslint-disable rxjs-x/no-internal -- RxJS's own TestScheduler reaches its time by these; there is no other way. */
import { animationFrameScheduler } from 'rxjs/internal/scheduler/animationFrame';
import { animationFrameProvider } from 'rxjs/internal/scheduler/animationFrameProvider';
import { asapScheduler } from 'rxjs/internal/scheduler/asap';
import { asyncScheduler } from 'rxjs/internal/scheduler/async';
import { dateTimestampProvider } from 'rxjs/internal/scheduler/dateTimestampProvider';
import { immediateProvider } from 'rxjs/internal/scheduler/immediateProvider';
import { intervalProvider } from 'rxjs/internal/scheduler/intervalProvider';
import { performanceTimestampProvider } from 'rxjs/internal/scheduler/performanceTimestampProvider';
import { queueScheduler } from 'rxjs/internal/scheduler/queue';
import { timeoutProvider } from 'rxjs/internal/scheduler/timeoutProvider';
import { Immediate } from 'rxjs/internal/util/Immediate';
import { replaceProperty } from '../time/replaceProperty';
import type { Lane } from '../time/TimeoutLine';
import { VirtualTimeout, type VirtualTimeouts } from '../time/VirtualTimeouts';
import type { VirtualClock } from '../time/VirtualClock';
import type { Painter } from '../time/VirtualGlobals';

/** These are one of each in a process, with what is queued in them. */
const SCHEDULERS = [asyncScheduler, asapScheduler, animationFrameScheduler, queueScheduler];

/**
 * Lets RxJS's own schedulers run on virtual time, by the delegates that its `TestScheduler` uses for that. Most of
 * RxJS would find the replaced globals by itself, but not `asap`, which is a promise's microtask. What others have
 * queued in the schedulers, or a test that failed has left there, is put aside.
 *
 * @returns the ways to put back what was there
 */
export function delegateRxjs(
  clock: VirtualClock,
  timeouts: VirtualTimeouts,
  painter: Painter,
): (() => void)[] {
  const set = (lane: Lane) => (callback: () => void, delay?: number) =>
    timeouts.set(lane, callback, delay ?? 0);
  // What was armed before time became virtual is cleared by who has armed it.
  const clear = (original: (handle: number) => void) => (handle: unknown) => {
    if (handle instanceof VirtualTimeout) handle.clear();
    else original(handle as number);
  };
  const delegate = (provider: object, replacement: object): (() => void) =>
    replaceProperty(provider, 'delegate', replacement);
  return [
    delegate(animationFrameProvider, painter),
    delegate(dateTimestampProvider, { now: () => clock.wallNow() }),
    delegate(performanceTimestampProvider, { now: () => clock.now() - clock.start }),
    delegate(immediateProvider, {
      setImmediate: set('immediate'),
      clearImmediate: clear((handle) => {
        Immediate.clearImmediate(handle);
      }),
    }),
    delegate(intervalProvider, { setInterval: set('interval'), clearInterval: clear(clearInterval) }),
    delegate(timeoutProvider, { setTimeout: set('timeout'), clearTimeout: clear(clearTimeout) }),
    ...SCHEDULERS.flatMap((scheduler) => [
      replaceProperty(scheduler, 'actions', []),
      replaceProperty(scheduler, '_active', false),
      replaceProperty(scheduler, '_scheduled', undefined),
    ]),
  ];
}
