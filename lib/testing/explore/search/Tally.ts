import { hostNow } from '../../../time/clock/hostTurn';
import type { ExploreReport } from '../ExploreReport';
import type { RunOutcome } from './RunOutcome';
import { TraceCount } from './TraceCount';
import { hashTrace } from './traceHash';

/** What has been seen of a search so far. */
export class Tally {
  runs = 0;
  /** Of an exhaustive search: with how many deviations runs are looked at now, and whether there are no others. */
  depth = 0;
  isExhausted = false;
  private choices = 0;
  private readonly traces = new TraceCount();
  private readonly since = hostNow();

  constructor(private readonly seed: number) {}

  /** The real ms that it has taken. */
  get took(): number {
    return hostNow() - this.since;
  }

  add({ choices, report, tape }: RunOutcome): void {
    this.runs++;
    this.choices = Math.max(this.choices, choices);
    this.traces.add(hashTrace(report.trace, tape));
  }

  report(replay?: string): ExploreReport {
    const { runs, choices, seed, isExhausted, depth, took } = this;
    return { runs, traces: this.traces.count, choices, seed, isExhausted, depth, took, replay };
  }
}
