import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { ScheduledAction } from '../time/ScheduledAction';
import type { Scheduler } from '../time/Scheduler';
import type { VirtualClock } from '../time/VirtualClock';

interface PastWork {
  readonly delay: number;
  begin(from: number): void;
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
      delay,
      begin: (from) => {
        action.schedule(state, delay - from);
      },
    });
    return action;
  }

  /** Lets time begin before the start, if something is to happen then; once it has begun, that happens now. */
  beginWithPast(): void {
    const past = this.past.splice(0);
    if (past.length === 0) return;
    const earliest = Math.min(...past.map(({ delay }) => delay));
    if (this.now() === 0) this.clock.rewindBy(-earliest);
    for (const work of past) work.begin(earliest);
  }
}
