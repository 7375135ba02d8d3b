import { type Duration, formatMs } from '../time/duration';
import type { Task } from '../time/Timers';
import { NO_SLOT } from '../time/TimerQueue';
import type { Parking } from '../trace/Ledger';
import type { ParkKind } from '../trace/TraceEvent';
import type { Cancelled } from './Cancelled';
import type { Linked } from './IntrusiveList';
import type { Waits } from './Waits';

/** Something that a run waits for by way of the kit, and that ends with the run at the latest. */
export class Wait implements Linked<Wait>, Parking {
  before: Wait | undefined;
  behind: Wait | undefined;
  readonly since: number;
  private isOver = false;

  /** @param isParked whether the handler itself waits here, rather than a source that it has in use */
  constructor(
    protected readonly waits: Waits,
    readonly on: ParkKind,
    private readonly what: Duration,
    readonly isParked = true,
    private readonly onCancel?: (reason: Cancelled) => void,
  ) {
    this.since = waits.run.scope.now();
    waits.opened(this);
  }

  get detail(): string {
    return typeof this.what === 'number' ? formatMs(this.what) : this.what;
  }

  /** Ends the wait; false if it has ended before. */
  close(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.waits.closed(this);
    return true;
  }

  cancel(reason: Cancelled): void {
    if (this.close()) this.onCancel?.(reason);
  }
}

/** A wait that the handler sees as a promise. As a task it is what a timer ends. */
export class PromisedWait<V> extends Wait implements Task {
  readonly promise: Promise<V>;
  /** Undoes what was begun for the wait. */
  release: (() => void) | undefined;
  private slot = NO_SLOT;
  private resolve!: (value: V) => void;
  private reject!: (error: unknown) => void;

  constructor(waits: Waits, on: ParkKind, what: Duration) {
    super(waits, on, what);
    this.promise = new Promise<V>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Lets a timer end the wait. */
  arm(ms: number): void {
    const { scope, rank } = this.waits.run;
    this.slot = scope.arm(this.since + ms, this, rank);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.succeed(undefined as V);
  }

  succeed(value: V): void {
    if (this.close()) this.resolve(value);
  }

  fail(error: unknown): void {
    if (this.close()) this.reject(error);
  }

  override cancel(reason: Cancelled): void {
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
    this.release?.();
    // Nobody may be waiting for it any more; that is no unhandled rejection.
    this.promise.catch(ignore);
    this.fail(reason);
  }
}

function ignore(): void {
  // A cancelled wait that nobody awaits is of no interest.
}
