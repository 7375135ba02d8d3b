import type { Subscription } from 'rxjs';
import { ScheduledAction } from '../../time/ScheduledAction';
import type { AgentTimers } from './AgentTimers';

/** Work that is scheduled in an agent. It is among the agent's tasks while it is armed, so that it ends with the agent. */
export class AgentTask<T> extends ScheduledAction<T> {
  constructor(
    private readonly scope: AgentTimers,
    work: ConstructorParameters<typeof ScheduledAction<T>>[1],
    onError: (error: unknown) => void,
  ) {
    super(scope, work, onError);
  }

  override schedule(state?: T, delay = 0): Subscription {
    if (this.scope.isHalted) this.unsubscribe();
    if (!this.closed) (this.scope.tasks ??= new Set()).add(this);
    return super.schedule(state, delay);
  }

  override run(): void {
    this.scope.tasks?.delete(this);
    super.run();
  }

  override unsubscribe(): void {
    this.scope.tasks?.delete(this);
    super.unsubscribe();
  }
}
