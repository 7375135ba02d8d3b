import type { Observable } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { StateOutlet } from '../../trace/StateOutlet';
import type { Trace } from '../../trace/Trace';
import type { Phase } from '../../trace/TraceEvent';

/** Keeps the phase that an agent is in, and shows and traces each change. */
export class CurrentPhase {
  current: Phase = 'setup';
  private outlet: StateOutlet<Phase> | undefined;
  private isOver = false;

  constructor(
    private readonly agent: string,
    private readonly trace: Trace,
    private readonly onThrow: OnThrow,
  ) {}

  get $(): Observable<Phase> {
    if (this.outlet === undefined) {
      this.outlet = new StateOutlet(this.onThrow);
      this.outlet.next(this.current);
      if (this.isOver) this.outlet.complete();
    }
    return this.outlet.$;
  }

  enter(phase: Phase): void {
    this.current = phase;
    if (this.trace.isWatched) this.trace.write({ type: 'phase', agent: this.agent, phase });
    this.outlet?.next(phase);
  }

  complete(): void {
    this.isOver = true;
    this.outlet?.complete();
  }
}
