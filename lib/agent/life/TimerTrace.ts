import type { TimerPart, TimerWatcher } from '../../time/queue/Timers';
import type { Ledger } from '../../trace/Ledger';
import type { Trace } from '../../trace/Trace';

/** Writes what becomes of an agent's timers, under the names of their streams. */
export class TimerTrace implements TimerWatcher {
  constructor(
    private readonly ledger: Ledger,
    private readonly trace: Trace,
  ) {}

  timerArmed(timer: TimerPart, due: number): void {
    this.trace.write({ type: 'timer-armed', ...this.of(timer), timer: timer.kind, due });
  }

  timerFired(timer: TimerPart, missed: number): void {
    this.trace.write({ type: 'timer-fired', ...this.of(timer), timer: timer.kind, missed });
  }

  timerCancelled(timer: TimerPart): void {
    this.trace.write({ type: 'timer-cancelled', ...this.of(timer), timer: timer.kind });
  }

  private of(timer: TimerPart): { readonly agent: string; readonly stream: string } {
    return { agent: this.ledger.agent, stream: this.ledger.parts.get(timer) ?? timer.place?.stream ?? '' };
  }
}
