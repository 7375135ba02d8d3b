import type { Log } from '../../../trace/Log';
import type { ExploreReport } from '../ExploreReport';
import type { SearchKeeper } from './SearchKeeper';

/** A search is told of when it takes longer than this, in real ms, and then as often. */
const LONG = 10_000;

/** Tells people of a search that takes long, and keeps nothing. */
export class LogKeeper implements SearchKeeper {
  private toldAt = 0;

  constructor(private readonly log: Log) {}

  known(): readonly never[] {
    return [];
  }

  keep(): void {
    // What is kept is the command's.
  }

  forget(): void {
    // See keep.
  }

  progress({ runs, traces, took }: ExploreReport, most: number): void {
    if (took - this.toldAt < LONG) return;
    this.toldAt = took;
    this.log.info(
      `explore: ${runs} of ${most} runs, ${traces} different traces, ${Math.round(took / 1000)} s`,
    );
  }

  ended(): void {
    // The test says it.
  }
}
