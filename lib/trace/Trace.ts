import { Outlet } from './Outlet';
import type { OnThrow } from './IsolatingObservable';
import type { Happening, TraceEvent } from './TraceEvent';

/** Takes events straight from the trace: cheaper than a subscriber, and it may be content with what becomes of runs. */
export interface TraceReader {
  /** Whether it wants to know of anything else than runs, too. */
  readonly wantsAll: boolean;
  take(event: TraceEvent): void;
}

/**
 * Everything that happens in a host, as one stream in one order. While nobody reads it nothing is written:
 * whoever has something to tell asks `isWatched` first, and makes no event for nothing.
 */
export class Trace {
  private readonly events: Outlet<TraceEvent>;
  private reader: TraceReader | undefined;
  private seq = 0;
  private isTelling = false;

  constructor(
    private readonly clock: { now(): number },
    private readonly onThrow: OnThrow,
  ) {
    this.events = new Outlet(onThrow);
  }

  get isWatched(): boolean {
    return this.reader?.wantsAll === true || this.events.isObserved;
  }

  /** The same for what becomes of runs. */
  get isWatchedForRuns(): boolean {
    return this.reader !== undefined || this.events.isObserved;
  }

  get $() {
    return this.events.$;
  }

  /** Lets one reader take all that is written from now on. */
  readBy(reader: TraceReader): void {
    this.reader = reader;
  }

  /**
   * Numbers an event, and gives it to whoever reads; it is the trace's from now on. An event that is written often has
   * room for its number and its instant from the beginning: the bench rows of `virtualTime` show it.
   */
  write(happening: Happening & { seq?: number; at?: number }): void {
    const event = happening as Happening & { seq: number; at: number };
    event.seq = ++this.seq;
    event.at = this.clock.now();
    if (this.reader !== undefined) this.give(this.reader, event);
    if (this.events.isObserved) this.events.next(event);
  }

  /** What a reader throws is told once, though telling of it is written, too. */
  private give(reader: TraceReader, event: TraceEvent): void {
    try {
      reader.take(event);
    } catch (error) {
      if (this.isTelling) return;
      this.isTelling = true;
      this.onThrow(error);
      this.isTelling = false;
    }
  }

  complete(): void {
    this.events.complete();
  }
}
