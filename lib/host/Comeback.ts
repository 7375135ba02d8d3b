import type { Subscription } from 'rxjs';
import type { Agent } from '../agent/Agent';
import type { Scheduler } from '../time/Scheduler';
import { InOrder } from './InOrder';

/**
 * The way back of one agent that has failed, and of those that have to go down with it: each stops before those that
 * it needs; when all are down they wait, and then each starts when those that it needs are ready.
 */
export class Comeback {
  /** When they start, once that is known. */
  due: number | undefined;
  private readonly stops: InOrder<Agent>;
  private readonly starts: InOrder<Agent>;
  private timer: Subscription | undefined;
  private isCancelled = false;

  /** @param agents in the order in which they start, as far as needs do not say another one */
  constructor(
    readonly agents: readonly Agent[],
    failed: Agent,
    readonly wait: number,
    private readonly scheduler: Scheduler,
  ) {
    this.stops = new InOrder([...agents].reverse(), 'last', (agent) => {
      // The one that has failed ends by itself.
      if (!agent.isAlive) this.stops.done(agent);
      else if (agent !== failed && !this.isCancelled) agent.suspend();
    });
    this.starts = new InOrder(agents, 'first', (agent) => {
      if (this.isCancelled) return;
      if (agent.isDown) agent.restart();
      else this.starts.done(agent);
    });
  }

  begin(): void {
    this.stops.start();
  }

  /** One of them is down, or gone. Says whether all are now, and wait. */
  down(agent: Agent): boolean {
    this.stops.done(agent);
    if (this.isCancelled || this.timer !== undefined) return false;
    if (this.agents.some(({ isAlive }) => isAlive) || !this.agents.some(({ isDown }) => isDown)) return false;
    this.due = this.scheduler.now() + this.wait;
    this.timer = this.scheduler.schedule(() => {
      this.starts.start();
    }, this.wait);
    return true;
  }

  /** One of them is ready. */
  up(agent: Agent): void {
    this.starts.done(agent);
  }

  cancel(): void {
    this.isCancelled = true;
    this.timer?.unsubscribe();
  }
}
