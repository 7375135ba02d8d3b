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
import { globalTime } from '../../time/clock/globalTime';
import { DividedProperties } from '../../time/virtual/DividedProperties';
import { type Replaced, Replacement } from '../../time/virtual/Replacement';
import type { Lane } from '../../time/virtual/TimeoutLine';
import { VirtualTimeout } from '../../time/virtual/VirtualTimeouts';
import type { TimeOfCaller, VirtualTime } from '../../time/virtual/VirtualTime';

/** These are one of each in a process, with what is queued in them. */
const SCHEDULERS = [asyncScheduler, asapScheduler, animationFrameScheduler, queueScheduler];

/** What a provider does, by the names of its methods. */
type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;
/** The same, in a virtual time. */
type VirtualMethods = Readonly<Record<string, (time: VirtualTime, ...args: never[]) => unknown>>;

/**
 * Lets RxJS's own schedulers run on virtual time, by the delegates that its `TestScheduler` uses for that. Most of
 * RxJS would find the replaced globals by itself, but not `asap`, which is a promise's microtask. Who is outside gets
 * what was there before. Both have queues of their own in the schedulers: what others have queued, or a test that
 * failed has left there, is put aside.
 */
export function delegatedRxjs(timeOfCaller: TimeOfCaller): readonly Replaced[] {
  const delegate = (provider: object, ours: VirtualMethods, theirs: Methods): Replaced =>
    new Replacement<Methods | undefined>(provider, 'delegate', (before) =>
      over(before ?? theirs, ours, timeOfCaller),
    );
  return [
    delegate(
      animationFrameProvider,
      {
        requestAnimationFrame: ({ painter }, callback: FrameRequestCallback) =>
          painter.requestAnimationFrame(callback),
        cancelAnimationFrame: ({ painter }, handle: number) => {
          painter.cancelAnimationFrame(handle);
        },
      },
      globalTime.animationFrame,
    ),
    delegate(dateTimestampProvider, { now: ({ clock }) => clock.wallNow() }, globalTime.date),
    delegate(
      performanceTimestampProvider,
      { now: ({ clock }) => clock.now() - clock.start },
      globalTime.performance,
    ),
    delegate(
      immediateProvider,
      {
        setImmediate: arming('immediate'),
        clearImmediate: clearing((handle) => Immediate.clearImmediate(handle)),
      },
      Immediate,
    ),
    delegate(
      intervalProvider,
      { setInterval: arming('interval'), clearInterval: clearing(globalTime.interval.clearInterval) },
      globalTime.interval,
    ),
    delegate(
      timeoutProvider,
      { setTimeout: arming('timeout'), clearTimeout: clearing(globalTime.timeout.clearTimeout) },
      globalTime.timeout,
    ),
    ...SCHEDULERS.map(
      (scheduler) =>
        new DividedProperties(
          scheduler,
          () => ({ actions: [], _active: false, _scheduled: undefined }),
          () => timeOfCaller() !== undefined,
        ),
    ),
  ];
}

function over(theirs: Methods, ours: VirtualMethods, timeOfCaller: TimeOfCaller): Methods {
  const divided = Object.entries(ours).map(([name, method]) => [
    name,
    (...args: never[]) => {
      const time = timeOfCaller();
      return time === undefined ? theirs[name]?.(...args) : method(time, ...args);
    },
  ]);
  return Object.fromEntries(divided) as Methods;
}

function arming(lane: Lane) {
  return ({ timeouts }: VirtualTime, callback: () => void, delay?: number): VirtualTimeout =>
    timeouts.set(lane, callback, delay ?? 0);
}

/** What the host has armed is cleared by the host. */
function clearing(theirs: (handle: number) => void) {
  return (_time: VirtualTime, handle: unknown): void => {
    if (handle instanceof VirtualTimeout) handle.clear();
    else theirs(handle as number);
  };
}
