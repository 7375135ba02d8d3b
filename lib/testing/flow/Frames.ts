import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { ScheduledAction } from '../../time/queue/ScheduledAction';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { VirtualClock } from '../../time/virtual/VirtualClock';

interface PastWork {
  readonly frame: number;
  readonly run: () => void;
}

/** The scheduler of a marble test as its sources and expectations see it: time is counted in frames from the start. */
export class Frames implements SchedulerLike {
  /** What a hot source has to emit before the start. */
  private past: PastWork[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly clock: VirtualClock,
    private readonly onError: (error: unknown) => void,
  ) {}

  now(): number {
    return this.scheduler.now() - this.clock.start;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const action = new ScheduledAction<T>(this.scheduler, work, this.onError);
    if (delay >= 0) return action.schedule(state, delay);
    this.past.push({
      frame: delay,
      run: () => {
        work.call(action, state);
      },
    });
    return action;
  }

  /** Lets time begin before the start, if something is to happen then; once it has begun, that happens now. */
  beginWithPast(): void {
    if (this.past.length === 0) return;
    const past = this.past.splice(0);
    if (this.now() === 0) this.clock.rewindBy(-past.reduce((first, { frame }) => Math.min(first, frame), 0));
    for (const { frame, run } of past)
      this.scheduler.arm(Math.max(this.clock.start + frame, this.clock.now()), { run, fail: this.onError });
  }
}
