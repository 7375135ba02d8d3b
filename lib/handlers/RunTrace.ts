import type { Parking } from '../trace/Ledger';
import type { AbortReason, DropReason, Policy } from '../trace/TraceEvent';
import type { RunScope } from './RunScope';

interface Numbered {
  readonly id: number;
  readonly attempt: number;
}

/** Writes what becomes of the triggers and runs of one operator, while somebody reads the trace. */
export class RunTrace {
  constructor(
    private readonly scope: RunScope,
    private readonly stream: string,
    private readonly policy: Policy,
  ) {}

  started(run: Numbered): void {
    const { scope, policy } = this;
    if (scope.trace.isWatched)
      scope.trace.write({ type: 'run-started', ...this.of(run), policy, attempt: run.attempt });
  }

  parked(run: Numbered, { on, detail }: Parking): void {
    const { trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-parked', ...this.of(run), on, detail });
  }

  resumed(run: Numbered, { on }: Parking): void {
    const { trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-resumed', ...this.of(run), from: on });
  }

  settled(run: Numbered): void {
    const { trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-settled', ...this.of(run) });
  }

  failed(run: Numbered, error: unknown, willRetry: boolean): void {
    const { trace } = this.scope;
    if (trace.isWatched)
      trace.write({ type: 'run-failed', ...this.of(run), attempt: run.attempt, error, willRetry });
  }

  aborted(run: Numbered, reason: AbortReason): void {
    const { trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-aborted', ...this.of(run), reason });
  }

  /** What a handler gives after its run was aborted goes nowhere else. */
  late(run: Numbered, outcome: 'value' | 'error', result: unknown): void {
    const { trace } = this.scope;
    if (trace.isWatched) trace.write({ type: 'run-late', ...this.of(run), outcome, result });
  }

  dropped(value: unknown, reason: DropReason): void {
    const { scope, stream } = this;
    if (scope.trace.isWatched)
      scope.trace.write({ type: 'trigger-dropped', agent: scope.agent, stream, reason, value });
  }

  private of({ id }: Numbered): { readonly agent: string; readonly stream: string; readonly run: number } {
    return { agent: this.scope.agent, stream: this.stream, run: id };
  }
}
