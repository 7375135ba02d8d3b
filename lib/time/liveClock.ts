import { AgentError } from '../AgentError';
import type { Clock, Wake } from './Clock';

export interface LiveClockOptions {
  /** How many ms agents see in one real ms. Default 1; with 60 they see a minute in each second. */
  readonly speed?: number;
}

/**
 * No single wait is longer than this many real ms. A host's timers overflow at 2^31-1 ms and fire at once,
 * and a machine that sleeps, or whose wall clock is set, is noticed at the next wake-up.
 */
const LONGEST_WAIT = 60_000;

/**
 * The clock of the machine: monotonic for spans, the wall clock for calendars.
 * The host's timers are read when they are used, so that a test which replaces them is obeyed.
 *
 * @throws AgentError `bad-option` if the speed is not a positive number.
 */
export function liveClock({ speed = 1 }: LiveClockOptions = {}): Clock {
  if (!(speed > 0 && speed < Infinity)) {
    throw new AgentError(
      'bad-option',
      `liveClock: a speed of ${speed} is none. Give a number above 0, such as 60.`,
    );
  }
  const wallStart = Date.now();
  const start = performance.now();
  const now = (): number => wallStart + (performance.now() - start) * speed;

  return {
    now,
    wallNow: () => wallStart + (Date.now() - wallStart) * speed,
    wakeAt: (at, wake) => {
      const wait = (at - now()) / speed;
      return wait <= 0 ? soon(wake) : later(wake, Math.min(Math.ceil(wait), LONGEST_WAIT));
    },
    cancel: (wake) => {
      (wake as Cancel)();
    },
  };
}

type Cancel = () => void;

function later(wake: () => void, wait: number): Wake {
  const timer = setTimeout(wake, wait);
  return () => {
    clearTimeout(timer);
  };
}

/** Browsers have no `setImmediate`; there the shortest timer has to do. */
function soon(wake: () => void): Wake {
  const { setImmediate, clearImmediate } = globalThis as Partial<HostImmediates>;
  if (setImmediate === undefined || clearImmediate === undefined) return later(wake, 0);
  const immediate = setImmediate(wake);
  return () => {
    clearImmediate(immediate);
  };
}

interface HostImmediates {
  setImmediate(callback: () => void): unknown;
  clearImmediate(immediate: unknown): void;
}
