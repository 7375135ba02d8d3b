import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { ScheduledAction } from '../time/ScheduledAction';
import type { Scheduler } from '../time/Scheduler';

/** The scheduler of a marble test as its sources and expectations see it: time is counted in frames from the start. */
export class Frames implements SchedulerLike {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly start: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  now(): number {
    return this.scheduler.now() - this.start;
  }

  /** What a hot source emitted before the start, at a negative delay, is emitted before anything else. */
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const action = new ScheduledAction<T>(this.scheduler, work, this.onError);
    if (delay >= 0) return action.schedule(state, delay);
    work.call(action, state);
    return action;
  }
}
