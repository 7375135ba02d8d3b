import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Timers } from '../../time/queue/Timers';

/** A span of the host's time that may be ended before. */
export function pause(
  timers: Timers,
  ms: number,
): { readonly passed: Promise<void>; readonly end: () => void } {
  let slot = NO_SLOT;
  let end = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    const run = (): void => {
      slot = NO_SLOT;
      resolve();
    };
    slot = timers.arm(timers.now() + ms, { run, fail: run });
    end = () => {
      if (slot !== NO_SLOT) timers.disarm(slot);
      run();
    };
  });
  return { passed, end };
}
