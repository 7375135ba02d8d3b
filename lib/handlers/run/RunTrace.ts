import type { Worker } from '../../time/present/Present';
import type { Parking } from '../../trace/Ledger';
import type { AbortReason, DropReason, Policy } from '../../trace/TraceEvent';
import type { RunScope } from './RunScope';

interface Numbered {
  readonly id: number;
  readonly attempt: number;
}

/** Writes what becomes of the triggers and runs of one operator, while somebody reads the trace. */
export class RunTrace {
  constructor(
    private readonly scope: RunScope,
    private readonly place: Worker,
    private readonly policy: Policy,
  ) {}

  started({ id: run, attempt }: Numbered, handler: string): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { place, policy } = this;
    const { stream, id: within } = place;
    // No spread: in a marble test each run is written, as the bench rows of `virtualTime` show.
    const type = 'run-started';
    if (within === undefined)
      trace.write({ type, agent, stream, handler, run, policy, attempt, seq: 0, at: 0 });
    else trace.write({ type, agent, stream, handler, run, policy, attempt, within, seq: 0, at: 0 });
  }

  parked({ id: run }: Numbered, { on, detail }: Parking): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatched) return;
    const { stream } = this.place;
    trace.write({ type: 'run-parked', agent, stream, run, on, detail, seq: 0, at: 0 });
  }

  resumed({ id: run }: Numbered, { on: from }: Parking): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatched) return;
    const { stream } = this.place;
    trace.write({ type: 'run-resumed', agent, stream, run, from, seq: 0, at: 0 });
  }

  settled({ id: run }: Numbered): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { stream } = this.place;
    trace.write({ type: 'run-settled', agent, stream, run, seq: 0, at: 0 });
  }

  failed({ id: run, attempt }: Numbered, error: unknown, willRetry: boolean): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { stream } = this.place;
    trace.write({ type: 'run-failed', agent, stream, run, attempt, error, willRetry, seq: 0, at: 0 });
  }

  aborted({ id: run }: Numbered, reason: AbortReason): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { stream } = this.place;
    trace.write({ type: 'run-aborted', agent, stream, run, reason, seq: 0, at: 0 });
  }

  /** What a handler gives after its run was aborted goes nowhere else. */
  late({ id: run }: Numbered, outcome: 'value' | 'error', result: unknown): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { stream } = this.place;
    trace.write({ type: 'run-late', agent, stream, run, outcome, result, seq: 0, at: 0 });
  }

  dropped(value: unknown, reason: DropReason): void {
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const { stream } = this.place;
    trace.write({ type: 'trigger-dropped', agent, stream, reason, value, seq: 0, at: 0 });
  }
}
