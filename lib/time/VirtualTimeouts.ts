import { FINITE, INTERVAL } from './rank';
import type { Scheduler } from './Scheduler';
import type { Task } from './Timers';
import { NO_SLOT } from './TimerQueue';

/** Of what is due at one instant, immediates go first, then intervals, then timeouts, as in RxJS's `TestScheduler`. */
const LANES = ['immediate', 'interval', 'timeout'] as const;
type Lane = (typeof LANES)[number];
type Lanes = Record<Lane, Set<VirtualTimeout>>;

/** The host's timer functions on a scheduler. What stands in line for an instant has its turn there in the order of lanes. */
export class VirtualTimeouts {
  private readonly lines = new Map<number, Lanes>();

  /**
   * @param bind gives a callback the context of its caller
   * @param onError is told what a callback has thrown
   */
  constructor(
    readonly scheduler: Scheduler,
    private readonly bind: (callback: () => void) => () => void,
    readonly onError: (error: unknown) => void,
  ) {}

  set(lane: Lane, callback: () => void, delay: number): VirtualTimeout {
    const timeout = new VirtualTimeout(this, lane, this.bind(callback), Math.max(0, Number(delay) || 0));
    timeout.arm();
    return timeout;
  }

  /** A place in line was reached: whoever is first by lane takes it. */
  takeTurn(due: number): void {
    const line = this.lines.get(due);
    if (line === undefined) return;
    for (const lane of LANES) {
      for (const first of line[lane]) {
        this.leave(first);
        first.call();
        return;
      }
    }
  }

  enter(timeout: VirtualTimeout): void {
    let line = this.lines.get(timeout.due);
    if (line === undefined) {
      line = { immediate: new Set(), interval: new Set(), timeout: new Set() };
      this.lines.set(timeout.due, line);
    }
    line[timeout.lane].add(timeout);
  }

  leave(timeout: VirtualTimeout): void {
    const line = this.lines.get(timeout.due);
    if (line === undefined) return;
    line[timeout.lane].delete(timeout);
    if (LANES.every((lane) => line[lane].size === 0)) this.lines.delete(timeout.due);
  }
}

let lastId = 0;

/** What `setTimeout` and its like have armed. As in Node, it can be used where a number is expected. */
export class VirtualTimeout implements Task {
  readonly id = ++lastId;
  due = 0;
  private slot = NO_SLOT;
  private hasFired = false;
  private isCleared = false;

  constructor(
    private readonly timeouts: VirtualTimeouts,
    readonly lane: Lane,
    private readonly callback: () => void,
    private readonly delay: number,
  ) {}

  arm(): void {
    const { scheduler } = this.timeouts;
    this.due = scheduler.now() + this.delay;
    this.timeouts.enter(this);
    this.slot = scheduler.arm(this.due, this, this.hasFired ? INTERVAL : FINITE);
  }

  run(): void {
    this.slot = NO_SLOT;
    this.timeouts.takeTurn(this.due);
  }

  call(): void {
    this.hasFired = true;
    if (this.lane === 'interval') this.arm();
    this.callback();
  }

  fail(error: unknown): void {
    this.timeouts.onError(error);
  }

  clear(): void {
    if (this.isCleared) return;
    this.isCleared = true;
    this.timeouts.leave(this);
    if (this.slot !== NO_SLOT) this.timeouts.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  // What Node's timers offer beside.

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    this.clear();
    this.isCleared = false;
    this.arm();
    return this;
  }
}
