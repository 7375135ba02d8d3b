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
import { divideProperty } from '../../time/virtual/divideProperty';
import { globalTime } from '../../time/clock/globalTime';
import { replaceProperty } from '../../time/virtual/replaceProperty';
import type { Lane } from '../../time/virtual/TimeoutLine';
import { VirtualTimeout, type VirtualTimeouts } from '../../time/virtual/VirtualTimeouts';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import type { Painter } from '../../time/virtual/VirtualGlobals';

/** These are one of each in a process, with what is queued in them. */
const SCHEDULERS = [asyncScheduler, asapScheduler, animationFrameScheduler, queueScheduler];

/** What a provider does, by the names of its methods. */
type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * Lets RxJS's own schedulers run on virtual time, by the delegates that its `TestScheduler` uses for that. Most of
 * RxJS would find the replaced globals by itself, but not `asap`, which is a promise's microtask. Who is outside gets
 * what was there before. Both have queues of their own in the schedulers: what others have queued, or a test that
 * failed has left there, is put aside.
 *
 * @returns the ways to put back what was there
 */
export function delegateRxjs(
  clock: Pick<VirtualClock, 'now' | 'wallNow' | 'start'>,
  timeouts: Pick<VirtualTimeouts, 'set'>,
  painter: Painter,
  isInside: () => boolean,
): (() => void)[] {
  const set = (lane: Lane) => (callback: () => void, delay?: number) =>
    timeouts.set(lane, callback, delay ?? 0);
  // What the host has armed is cleared by the host.
  const clear = (original: (handle: number) => unknown) => (handle: unknown) => {
    if (handle instanceof VirtualTimeout) handle.clear();
    else original(handle as number);
  };
  const delegate = (provider: { delegate?: unknown }, ours: Methods, theirs: Methods): (() => void) => {
    const before = (provider.delegate ?? theirs) as Methods;
    const divided = Object.entries(ours).map(([name, method]) => [
      name,
      (...args: never[]) => (isInside() ? method(...args) : before[name]?.(...args)),
    ]);
    return replaceProperty(provider, 'delegate', Object.fromEntries(divided));
  };
  return [
    delegate(animationFrameProvider, { ...painter }, globalTime.animationFrame),
    delegate(dateTimestampProvider, { now: () => clock.wallNow() }, globalTime.date),
    delegate(performanceTimestampProvider, { now: () => clock.now() - clock.start }, globalTime.performance),
    delegate(
      immediateProvider,
      { setImmediate: set('immediate'), clearImmediate: clear((handle) => Immediate.clearImmediate(handle)) },
      Immediate,
    ),
    delegate(
      intervalProvider,
      { setInterval: set('interval'), clearInterval: clear(clearInterval) },
      globalTime.interval,
    ),
    delegate(
      timeoutProvider,
      { setTimeout: set('timeout'), clearTimeout: clear(clearTimeout) },
      globalTime.timeout,
    ),
    ...SCHEDULERS.flatMap((scheduler) => [
      divideProperty(scheduler, 'actions', isInside, []),
      divideProperty(scheduler, '_active', isInside, false),
      divideProperty(scheduler, '_scheduled', isInside, undefined),
    ]),
  ];
}

/** Lets RxJS's schedulers begin anew for those inside, whatever the test before has left in them. */
export function renewSchedulers(): void {
  for (const scheduler of SCHEDULERS) {
    Reflect.set(scheduler, 'actions', []);
    Reflect.set(scheduler, '_active', false);
    Reflect.set(scheduler, '_scheduled', undefined);
  }
}
