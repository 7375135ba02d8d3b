import type { Worker } from '../../time/present/Present';
import type { Rank } from '../../time/queue/rank';
import type { Cancelled } from '../run/Cancelled';
import type { RunScope } from '../run/RunScope';
import type { RunTrace } from '../run/RunTrace';

/** The run that waits. */
export interface WaitingRun extends Worker {
  readonly id: number;
  readonly attempt: number;
  readonly stream: string;
  readonly rank: Rank;
  readonly scope: RunScope;
  readonly trace: RunTrace;
  readonly isLive: boolean;
  /** What its functions reject with once it is over. */
  readonly cancelled: Cancelled;
  /** Whether its process has ended. */
  readonly isGone: boolean;
  /** Is told that a part of it goes on failing, and is tried again. */
  goesOnFailing(cause: unknown): void;
}
