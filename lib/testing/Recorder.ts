import type { Observable } from 'rxjs';
import type { TraceEvent } from '../trace/TraceEvent';

/** How many events are kept: the latest, so that a long test does not grow. */
const KEPT = 4000;

/** Keeps what has happened lately, for the reports. */
export class Recorder {
  private kept: TraceEvent[] = [];
  private older: TraceEvent[] = [];

  constructor(trace$: Observable<TraceEvent>) {
    trace$.subscribe((event) => {
      this.kept.push(event);
      if (this.kept.length < KEPT / 2) return;
      this.older = this.kept;
      this.kept = [];
    });
  }

  get events(): readonly TraceEvent[] {
    return [...this.older, ...this.kept];
  }
}
