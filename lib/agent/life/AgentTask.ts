import type { SchedulerAction, Subscription } from 'rxjs';
import { ScheduledAction } from '../../time/queue/ScheduledAction';
import type { Timers } from '../../time/queue/Timers';

/** The work that is scheduled in one life of an agent, and ends with it. */
export interface Tasks {
  /** Whether nothing is scheduled any more. */
  readonly isHalted: boolean;
  readonly open: Set<Subscription>;
}

/** Work that is scheduled in an agent. It is among the agent's tasks while it is armed, so that it ends with the agent. */
export class AgentTask<T> extends ScheduledAction<T> {
  constructor(
    timers: Timers,
    private readonly tasks: Tasks,
    work: (this: SchedulerAction<T>, state?: T) => void,
    onError: (error: unknown) => void,
  ) {
    super(timers, work, onError);
  }

  override schedule(state?: T, delay = 0): Subscription {
    if (this.tasks.isHalted) this.unsubscribe();
    if (!this.closed) this.tasks.open.add(this);
    return super.schedule(state, delay);
  }

  override run(): void {
    this.tasks.open.delete(this);
    super.run();
  }

  override unsubscribe(): void {
    this.tasks.open.delete(this);
    super.unsubscribe();
  }
}
