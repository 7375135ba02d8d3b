import { FIRST } from '../../session/Crashes';
import type { CommitFate } from '../../session/CrashStore';
import type { Variation } from '../../session/Variation';
import type { TapeRecorder } from '../tape/TapeRecorder';
import { CrashPoints } from './CrashPoints';

/** The world of a run that is plain but for this: the process of the test's own host may end once, round a commit. */
export class CrashWorld implements Variation {
  readonly elapsed = 0;
  private readonly crashes: CrashPoints;

  /** @param down for how many ms nothing runs then */
  constructor(choices: TapeRecorder, down: number) {
    this.crashes = new CrashPoints(choices, { most: 1, down, isAlwaysAsLong: true });
  }

  commit(number: number, host: string): CommitFate {
    return (host === FIRST ? this.crashes.at(`commit ${number}`) : undefined) ?? PLAIN;
  }
}

const PLAIN: CommitFate = {};
