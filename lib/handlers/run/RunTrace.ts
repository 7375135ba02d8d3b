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
    const { place, policy } = this;
    const { stream, id: within } = place;
    const { agent, trace } = this.scope;
    if (!trace.isWatchedForRuns) return;
    const of = { agent, stream, handler, run, policy, attempt };
    trace.write({ type: 'run-started', ...of, ...(within !== undefined && { within }) });
  }

  parked({ id: run }: Numbered, { on, detail }: Parking): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-parked', agent, stream, run, on, detail });
  }

  resumed({ id: run }: Numbered, { on: from }: Parking): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-resumed', agent, stream, run, from });
  }

  settled({ id: run }: Numbered): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatchedForRuns) trace.write({ type: 'run-settled', agent, stream, run });
  }

  failed({ id: run, attempt }: Numbered, error: unknown, willRetry: boolean): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatchedForRuns)
      trace.write({ type: 'run-failed', agent, stream, run, attempt, error, willRetry });
  }

  aborted({ id: run }: Numbered, reason: AbortReason): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatchedForRuns) trace.write({ type: 'run-aborted', agent, stream, run, reason });
  }

  /** What a handler gives after its run was aborted goes nowhere else. */
  late({ id: run }: Numbered, outcome: 'value' | 'error', result: unknown): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatchedForRuns) trace.write({ type: 'run-late', agent, stream, run, outcome, result });
  }

  dropped(value: unknown, reason: DropReason): void {
    const { stream } = this.place;
    const { agent, trace } = this.scope;
    if (trace.isWatchedForRuns) trace.write({ type: 'trigger-dropped', agent, stream, reason, value });
  }
}
