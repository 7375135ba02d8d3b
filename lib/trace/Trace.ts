import { Outlet } from './Outlet';
import type { OnThrow } from './IsolatingObservable';
import type { Happening, TraceEvent } from './TraceEvent';

/**
 * Everything that happens in a host, as one stream in one order. While nobody subscribes nothing is written:
 * whoever has something to tell asks `isWatched` first, and makes no event for nothing.
 */
export class Trace {
  private readonly events: Outlet<TraceEvent>;
  private seq = 0;

  constructor(
    private readonly now: () => number,
    onThrow: OnThrow,
  ) {
    this.events = new Outlet(onThrow);
  }

  get isWatched(): boolean {
    return this.events.isObserved;
  }

  get $() {
    return this.events.$;
  }

  write(happening: Happening): void {
    this.events.next({ seq: ++this.seq, at: this.now(), ...happening });
  }

  complete(): void {
    this.events.complete();
  }
}
