import { heldBy } from './foreignFakeTimers';

/**
 * On the `setTimeout` of a marble test: whoever sees it, from whichever copy of the kit, sees virtual time. It gives the
 * test's timers to those inside.
 */
export const VIRTUAL = Symbol.for('rx-agent-kit.virtual-time');

/** The `setTimeout` that was looked at last, and what was found. */
let looked: unknown;
let held = false;

/**
 * Whether somebody else moves the time of the host's timers: a marble test, or a runner's fake timers. Then it may
 * move within a turn, and a turn may never end.
 */
export function isTimeHeld(): boolean {
  const { setTimeout } = globalThis;
  if (setTimeout !== looked) {
    looked = setTimeout;
    held = VIRTUAL in setTimeout || heldBy() !== undefined;
  }
  return held;
}
