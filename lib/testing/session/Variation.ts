import type { TestParts } from '../../host/Environment';
import type { RandomSource } from '../../time/spans/random';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import type { VirtualTimeouts } from '../../time/virtual/VirtualTimeouts';
import type { Failure } from '../report/failures';
import type { Draws } from '../network/Draws';
import type { Cluster } from './Cluster';
import type { CommitFate } from './CrashStore';
import type { MarbleHelpers } from './MarbleHelpers';
import type { TestBus } from './TestBus';

/** What somebody puts in the place of a marble test's parts, or adds to them, for one run; what is left out is plain. */
export interface Variation {
  readonly bus?: TestBus;
  /** What is random, the host's own as well as that of agents. */
  readonly random?: RandomSource;
  /** Says what becomes of what is under way between hosts. */
  readonly draws?: Draws;
  /** How many times the body has said what has to hold. */
  readonly assertions?: number;
  /** Whether something does not hold that has to, so that there is no need to go on. */
  readonly isBroken?: boolean;
  /** @param isFirst whether it is for the host that each test has */
  searched?(clock: VirtualClock, isFirst: boolean): Pick<TestParts, 'queue' | 'deviations'>;
  helpers?<H extends MarbleHelpers>(plain: H): H;
  /** Chooses among plain timers that are due. */
  readonly pick?: NonNullable<VirtualTimeouts['pick']>;
  /** All that an instant has led to has gone on. Says whether it has done something, which has to go on, too. */
  turnEnds?(cluster: Cluster): boolean;
  /** What becomes of something that a host is to keep. */
  commit(commit: number, host: string): CommitFate;
  /** For how many ms the machine stands still before the next instant. */
  stall?(): number;
  /** The end of what is tested. Gives what does not hold. */
  ends?(): readonly Failure[];
}
