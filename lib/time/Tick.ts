import { AgentError } from '../AgentError';

/** What a timer emits. */
export interface Tick {
  /** The instant that the tick stands for: its place on the grid or in the calendar, in ms. */
  readonly at: number;
  /** Which tick it is since the trigger; the first is 1. */
  readonly index: number;
  /** How many ticks before it came due while the machine stalled or slept, and are left out. */
  readonly missed: number;
}

/**
 * What becomes of the ticks that came due while nothing could run:
 * one tick that tells how many it stands for (`'one'`), every one of them at once (`'burst'`), or none (`'skip'`).
 */
export type MissedPolicy = 'one' | 'burst' | 'skip';

const POLICIES: readonly MissedPolicy[] = ['one', 'burst', 'skip'];

/** @throws AgentError `bad-option` if it is none of the policies. */
export function checkMissedPolicy(missed: MissedPolicy): MissedPolicy {
  if (POLICIES.includes(missed)) return missed;
  throw new AgentError(
    'bad-option',
    `missed: ${JSON.stringify(missed)} is none of ${POLICIES.map((policy) => `'${policy}'`).join(', ')}.`,
  );
}
