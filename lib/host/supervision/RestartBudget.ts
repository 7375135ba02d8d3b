import type { Restart } from '../../agent/definition/restart';
import type { RandomSource } from '../../time/spans/random';

/** Counts failures against a limit, and says how long to wait behind each. */
export class RestartBudget {
  /** How many restarts there have been in a row: the next one is the one behind. */
  inRow = 0;
  /** When the failures within the span were. */
  private recent: number[] = [];
  /** When the lives that go on have begun, as far as they have since the last failure: a wait is no life. */
  private aliveSince = Infinity;

  constructor(
    readonly plan: Restart,
    private readonly random: RandomSource,
  ) {}

  /** Takes note of a failure: the wait behind it in ms, or undefined if it is one too many. */
  spend(now: number): number | undefined {
    const { max, within, wait } = this.plan;
    if (max < Infinity) {
      this.recent = this.recent.filter((at) => now - at <= within);
      this.recent.push(now);
      if (this.recent.length > max) return undefined;
    }
    this.inRow = now - this.aliveSince > within ? 1 : this.inRow + 1;
    this.aliveSince = Infinity;
    return wait(this.inRow, this.random);
  }

  /** A wait is over. */
  resume(now: number): void {
    this.aliveSince = now;
  }
}
