/** Where a host is. The table of ARCHITECTURE.md, "The life of a host", is this file in words. */
export type HostStage =
  | 'running'
  /** Its agents stop. */
  | 'stopping'
  /** They have, and the bus is left. */
  | 'closing'
  | 'stopped';

export interface HostState {
  readonly stage: HostStage;
  /** Whether its deadline is over. */
  readonly isLate: boolean;
}

export type HostEvent = 'stop' | 'agents-stopped' | 'bus-closed' | 'deadline';

export type HostEffect =
  | 'arm deadline'
  | 'stop agents'
  /** Lets all agents wait for nothing any more. */
  | 'hurry agents'
  /** Ends what the host itself has in use. */
  | 'release'
  | 'close bus'
  /** Gives a bus whose turn comes behind the deadline this instant. */
  | 'arm last instant'
  /** Says of a bus that it has not closed in time. */
  | 'tell of bus'
  /** Tells all readers that it is the end, and settles the promise. */
  | 'settle';

export const RUNNING: HostState = { stage: 'running', isLate: false };

const NOTHING: readonly HostEffect[] = [];

/** One step in the life of a host: what it is next, and what is to be done, in that order. */
export function hostStep(state: HostState, event: HostEvent): readonly [HostState, readonly HostEffect[]] {
  const { stage, isLate } = state;
  if (stage === 'running' && event === 'stop')
    return [{ ...state, stage: 'stopping' }, ['arm deadline', 'stop agents']];
  if (stage === 'stopping' && event === 'deadline') return [{ ...state, isLate: true }, ['hurry agents']];
  if (stage === 'stopping' && event === 'agents-stopped') {
    const effects: readonly HostEffect[] = ['release', 'close bus'];
    return [{ ...state, stage: 'closing' }, isLate ? [...effects, 'arm last instant'] : effects];
  }
  if (stage === 'closing' && event === 'deadline')
    return [{ ...state, stage: 'stopped', isLate: true }, ['tell of bus', 'settle']];
  if (stage === 'closing' && event === 'bus-closed') return [{ ...state, stage: 'stopped' }, ['settle']];
  return [state, NOTHING];
}
