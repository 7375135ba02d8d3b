import { type Duration, formatMs } from '../../time/spans/duration';
import type { Parking } from '../../trace/Ledger';
import type { ParkKind } from '../../trace/TraceEvent';
import type { Cancelled } from '../run/Cancelled';
import type { Linked } from '../policies/IntrusiveList';
import type { WaitingRun } from './WaitingRun';

/** All that a run waits for, as one of its waits sees it. */
export interface WaitList {
  readonly run: WaitingRun;
  /** Takes note of a wait, which may be cancelled from then on. */
  opened(wait: Wait): void;
  /** It has ended, in whatever way. */
  closed(wait: Wait): void;
}

/** Something that a run waits for by way of the kit, and that ends with the run at the latest. */
export abstract class Wait implements Linked<Wait>, Parking {
  before: Wait | undefined;
  behind: Wait | undefined;
  protected isOver = false;

  /** @param isParked whether the handler itself waits here, rather than a source that it has in use */
  constructor(
    protected readonly waits: WaitList,
    readonly on: ParkKind,
    private readonly what: Duration,
    readonly isParked = true,
    readonly since = waits.run.scope.now(),
  ) {}

  /** Is called once, when the run is over before the wait is. */
  protected abstract cancelled(reason: Cancelled): void;

  /** Takes note of it, which has to be ready to be cancelled: whoever reads the trace may do that at once. */
  open(): this {
    this.waits.opened(this);
    return this;
  }

  /** Whether it ends by itself at an instant. */
  hasDeadline(): boolean {
    return false;
  }

  /** Who waits. */
  get waiter(): WaitingRun {
    return this.waits.run;
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

  /** Something has failed behind its end, which nobody waits for. */
  late(error: unknown): void {
    const { run } = this.waits;
    run.trace.late(run, 'error', error);
  }

  /** The process has ended: whoever waits does so for ever. */
  vanish(): void {
    if (!this.close()) return;
    try {
      this.letGo();
    } catch {
      // What a teardown throws is gone, too.
    }
  }

  /** Lets go of what it waits for, without a word. */
  protected letGo(): void {
    // Mostly there is nothing.
  }

  cancel(reason: Cancelled): void {
    if (this.close()) this.cancelled(reason);
  }
}
