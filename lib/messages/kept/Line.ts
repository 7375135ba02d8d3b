import { Backlog } from '../../time/queue/Backlog';
import type { Scheduler } from '../../time/queue/Scheduler';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';
import type { KeptEntry } from './KeptEntry';

/** The messages of one topic at a mailbox: the first is dealt with, or waits to come again, and the others wait for it. */
export class Line implements Task {
  first: KeptEntry | undefined;
  private readonly others = new Backlog<KeptEntry>();
  private slot = NO_SLOT;

  /** @param again calls back when the first is to come again */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly again: (line: Line) => void,
    readonly fail: (error: unknown) => void,
  ) {}

  push(entry: KeptEntry): void {
    this.others.push(entry);
  }

  /** The next comes first; gives whether there is one. */
  advance(): boolean {
    this.first = this.others.size > 0 ? this.others.shift() : undefined;
    return this.first !== undefined;
  }

  /** The first comes again in so many ms. */
  pause(ms: number): void {
    const { scheduler, first } = this;
    this.slot = scheduler.arm(scheduler.now() + ms, this, first?.rank);
  }

  /** It comes again at once, if it waits for that. */
  endPause(): void {
    if (this.slot === NO_SLOT) return;
    this.scheduler.disarm(this.slot);
    this.run();
  }

  /** It comes no more. */
  end(): void {
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.again(this);
  }
}
