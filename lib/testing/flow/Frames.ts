import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { ScheduledAction } from '../../time/queue/ScheduledAction';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { VirtualClock } from '../../time/virtual/VirtualClock';

/** Those whose work keeps its order. */
export interface FrameLane {
  /** What it is, in words. */
  readonly what: string;
}

/** Work of the test itself: of one of its sources, or of an expectation. */
export class FrameAction<T> extends ScheduledAction<T> {
  /** Undefined for what is no part of what is tested, and goes nowhere but in its place. */
  lane: FrameLane | undefined;
}

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
    return this.scheduleFor(undefined, work, delay, state);
  }

  /** The same scheduler, for one whose work is told apart from that of others. */
  for(lane: FrameLane): SchedulerLike {
    return {
      now: () => this.now(),
      schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T) =>
        this.scheduleFor(lane, work, delay, state),
    };
  }

  private scheduleFor<T>(
    lane: FrameLane | undefined,
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    const action = new FrameAction<T>(this.scheduler, work, this.onError);
    action.lane = lane;
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
