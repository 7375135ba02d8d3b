import type { RandomSource } from '../spans/random';
import type { VirtualClock } from './VirtualClock';
import type { VirtualTimeouts } from './VirtualTimeouts';

/** Runs a callback when the page is painted; see `animate` of the marble test. */
export interface Painter {
  readonly requestAnimationFrame: (callback: FrameRequestCallback) => number;
  readonly cancelAnimationFrame: (handle: number) => void;
}

/** The time of one marble test, as all that stands in the place of the host's asks for it. */
export interface VirtualTime {
  readonly clock: VirtualClock;
  readonly timeouts: VirtualTimeouts;
  readonly painter: Painter;
  /** What is random, where that is not left to the host. */
  readonly random?: RandomSource | undefined;
}

/**
 * The virtual time that whoever runs now is in, if it is one: all others have the host's. What is replaced is made once,
 * and asks this at each call: a function made for each test would cost more than the test.
 */
export type TimeOfCaller = () => VirtualTime | undefined;
