import type { Clock, Wake } from '../../time/clock/Clock';
import { microtask } from '../../time/clock/microtask';
import { type Duration, toMs } from '../../time/spans/duration';
import type { Worker } from '../../time/present/Present';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { Task } from '../../time/queue/Timers';
import type { VirtualClock } from '../../time/virtual/VirtualClock';

/** Is told of what the body does with its clock. */
export interface ClockUser {
  /** The body does something by which it sees what time it is. */
  acts(): void;
  externalBegins(): void;
  externalEnds(): void;
}

/** The clock of a marble test. It can be given to `createHost`, for a second host on the same time. */
export class TestClock implements Clock {
  private readonly externals = new Set<{ readonly what: string }>();
  private sleeps = 0;
  /** The last instant at which somebody wakes or has woken. It is never taken back: what has passed is no horizon. */
  private lastWake = -Infinity;

  constructor(
    private readonly clock: VirtualClock,
    private readonly scheduler: Scheduler,
    private readonly user: ClockUser,
  ) {}

  get isSleptOn(): boolean {
    return this.sleeps > 0;
  }

  /** The last instant at which somebody wakes, if it is still to come. */
  get sleptUntil(): number {
    return this.lastWake;
  }

  now(): number {
    this.user.acts();
    return this.clock.now();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  wakeAt(at: number, wake: () => void): Wake {
    return this.clock.wakeAt(at, wake);
  }

  cancel(wake: Wake): void {
    this.clock.cancel(wake);
  }

  /** Resolves after a span of virtual time. */
  sleep(span: Duration): Promise<void> {
    return new Promise((resolve) => {
      const ms = toMs(span);
      this.user.acts();
      this.sleeps++;
      const due = this.clock.now() + ms;
      this.lastWake = Math.max(this.lastWake, due);
      if (due !== Infinity)
        this.scheduler.arm(due, new Sleep(this.woken, resolve, this.scheduler.present.worker));
    });
  }

  private readonly woken = (): void => {
    this.sleeps--;
  };

  /**
   * Waits for something foreign in the body, such as a socket or a worker, and holds time until it has come. Where
   * the host shows what is under way, as Node does of files, sockets, zlib and crypto, nobody has to say it.
   *
   * @param what names it in the report of a test in which it has not come within `maxHold`
   */
  async external<T>(promise: PromiseLike<T>, what = 'a promise'): Promise<T> {
    this.user.acts();
    const waited = { what };
    this.externals.add(waited);
    this.user.externalBegins();
    try {
      return await promise;
    } finally {
      this.externals.delete(waited);
      this.user.externalEnds();
    }
  }

  /** What the body waits for that it has said to be foreign, by name. */
  get waitsFor(): string[] {
    return [...this.externals].map(({ what }) => what);
  }

  /** Lets a span pass in which nothing runs, as when the machine stalls or sleeps: what came due is late then. */
  stall(span: Duration): void {
    this.clock.stall(span);
  }

  /** Sets the wall clock forward by so many ms, or back by a negative number. Spans are not concerned. */
  setWallBy(ms: number): void {
    this.clock.setWallBy(ms);
  }
}

/** A sleep of the body: many may be pending, and a promise keeps the context of whoever waits by itself. */
export class Sleep implements Task {
  constructor(
    private readonly woken: () => void,
    private readonly resolve: () => void,
    readonly place: Worker | undefined,
  ) {}

  /** A handler that wakes at the same instant, and returns then, has its value seen before the body goes on. */
  run(): void {
    this.woken();
    microtask(this.resolve);
  }

  fail(): void {
    // It does not.
  }
}
