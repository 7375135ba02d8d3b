import type { Observable, Subscription } from 'rxjs';
import { Scheduler, type SchedulerOptions } from '../../../lib/time/queue/Scheduler';
import { VirtualClock } from '../../../lib/time/virtual/VirtualClock';

/** A scheduler over a virtual clock that a spec drives by hand, from one armed instant to the next. */
export class Drive {
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  /** What scheduled work has thrown. */
  readonly errors: unknown[] = [];

  constructor(start = 0, options: SchedulerOptions = {}) {
    this.clock = new VirtualClock(start);
    this.scheduler = new Scheduler(this.clock, { onError: (error) => this.errors.push(error), ...options });
  }

  /** Lets time pass up to an instant. Between two wake-ups there is a turn, as the host has it. */
  async to(instant: number): Promise<void> {
    for (;;) {
      await turn();
      const next = this.clock.nextWake;
      if (next > instant) break;
      this.clock.advanceTo(next);
    }
    this.clock.advanceTo(instant);
    await turn();
  }

  /** Lets time pass until nothing is armed. */
  async out(): Promise<void> {
    await turn();
    for (let wakes = 0; this.clock.nextWake < Infinity; wakes++) {
      if (wakes === 100_000) throw new Error('Time goes on without end.');
      this.clock.advanceTo(this.clock.nextWake);
      await turn();
    }
  }

  /** Lets a span pass in which nothing runs; then whatever has come due runs, late. */
  async stall(ms: number): Promise<void> {
    await turn();
    this.clock.stall(ms);
    await this.to(this.clock.now());
  }

  /** What an Observable emits: `'30 a'`, `'30 |'`, `'40 #boom'`. */
  record(source$: Observable<unknown>): Recording {
    return record(source$, () => this.scheduler.now());
  }
}

export interface Recording {
  readonly seen: string[];
  readonly subscription: Subscription;
}

export function record(source$: Observable<unknown>, now: () => number): Recording {
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${now()} ${what}`);
  const subscription = source$.subscribe({
    next: (value) => note(textOf(value)),
    error: (error: unknown) => note(`#${error instanceof Error ? error.message : String(error)}`),
    complete: () => note('|'),
  });
  return { seen, subscription };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One turn of the host: every promise chain runs out in it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
