import type { TraceReader } from '../../trace/Trace';
import type { TraceEvent } from '../../trace/TraceEvent';

/** How many events are kept of the beginning, of all kinds, and how many of the latest runs at least. */
const FIRST = 2000;
const LATEST = 1000;

/**
 * Keeps what the reports need of what has happened: all of a short test, and of a long one the beginning and the
 * latest runs, so that it costs little and does not grow.
 */
export class Recorder implements TraceReader {
  wantsAll = true;
  private readonly first: TraceEvent[] = [];
  private older: TraceEvent[] = [];
  private latest: TraceEvent[] = [];
  private readonly listeners: ((event: TraceEvent) => void)[] = [];

  get events(): readonly TraceEvent[] {
    return [...this.first, ...this.older, ...this.latest];
  }

  /** Tells a listener of what becomes of runs from now on. */
  onRun(listener: (event: TraceEvent) => void): void {
    this.listeners.push(listener);
  }

  take(event: TraceEvent): void {
    for (const listener of this.listeners) listener(event);
    if (this.wantsAll) {
      this.first.push(event);
      this.wantsAll = this.first.length < FIRST;
      return;
    }
    this.latest.push(event);
    if (this.latest.length < LATEST) return;
    this.older = this.latest;
    this.latest = [];
  }
}
