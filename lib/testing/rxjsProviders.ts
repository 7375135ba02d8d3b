import { animationFrameProvider } from 'rxjs/internal/scheduler/animationFrameProvider';
import { dateTimestampProvider } from 'rxjs/internal/scheduler/dateTimestampProvider';
import { immediateProvider } from 'rxjs/internal/scheduler/immediateProvider';
import { intervalProvider } from 'rxjs/internal/scheduler/intervalProvider';
import { performanceTimestampProvider } from 'rxjs/internal/scheduler/performanceTimestampProvider';
import { timeoutProvider } from 'rxjs/internal/scheduler/timeoutProvider';
import type { VirtualClock } from '../time/VirtualClock';
import type { Painter } from '../time/VirtualGlobals';
import type { VirtualTimeout, VirtualTimeouts } from '../time/VirtualTimeouts';

/**
 * Lets RxJS's own schedulers run on virtual time, by the delegates that its `TestScheduler` uses for that. Most of
 * RxJS would find the replaced globals by itself, but not `asap`, which is a promise's microtask.
 *
 * @returns the way to put back what was there
 */
export function delegateRxjs(clock: VirtualClock, timeouts: VirtualTimeouts, painter: Painter): () => void {
  const set = (lane: VirtualTimeout['lane']) => (callback: () => void, delay?: number) =>
    timeouts.set(lane, callback, delay ?? 0);
  const clear = (handle: unknown): void => {
    (handle as VirtualTimeout).clear();
  };
  const restorers = [
    delegate(animationFrameProvider, painter),
    delegate(dateTimestampProvider, { now: () => clock.wallNow() }),
    delegate(performanceTimestampProvider, { now: () => clock.now() - clock.start }),
    delegate(immediateProvider, { setImmediate: set('immediate'), clearImmediate: clear }),
    delegate(intervalProvider, { setInterval: set('interval'), clearInterval: clear }),
    delegate(timeoutProvider, { setTimeout: set('timeout'), clearTimeout: clear }),
  ];
  return () => {
    for (const restore of restorers) restore();
  };
}

/** The providers' handle types differ from host to host; what is given out here comes back here only. */
function delegate(provider: { delegate: unknown }, replacement: object): () => void {
  const before = provider.delegate;
  provider.delegate = replacement;
  return () => {
    provider.delegate = before;
  };
}
