import type { Ledger, RunCount, RunEntry } from '../../trace/Ledger';

/** The runs that had not ended by a deadline of the stop: each is named once, as it was then. */
export class CutRuns {
  private readonly byNumber = new Map<number, RunEntry>();

  constructor(private readonly ledger: Ledger) {}

  get left(): readonly RunEntry[] {
    return [...this.byNumber.values()];
  }

  /** Names those that are left, and aborts them. */
  cut(runs: RunCount): void {
    for (const entry of this.ledger.entries())
      if (
        entry.kind === 'run' &&
        !this.byNumber.has(entry.run) &&
        (runs === 'unfinished' || !entry.isAborted)
      )
        this.byNumber.set(entry.run, entry);
    this.ledger.abortRuns();
  }
}
