import type { Agent } from '../../agent/Agent';
import { FINITE, INTERVAL } from '../../time/rank';
import type { Scheduler } from '../../time/Scheduler';
import { NO_SLOT } from '../../time/TimerQueue';
import type { Task } from '../../time/Timers';
import { InOrder } from '../order/InOrder';

/**
 * The way back of one agent that has failed, and of those that have to go down with it: each stops before those that
 * it needs; when all are down they wait, and then each starts when those that it needs are ready.
 */
export class Comeback implements Task {
  /** When they start, once that is known. */
  due: number | undefined;
  private readonly stops: InOrder<Agent>;
  private readonly starts: InOrder<Agent>;
  private slot = NO_SLOT;
  private isCancelled = false;

  /** @param agents in the order in which they start, as far as needs do not say another one */
  constructor(
    readonly agents: readonly Agent[],
    failed: Agent,
    private readonly wait: number,
    /** Which restart in a row it is. */
    readonly restart: number,
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
    if (this.isCancelled || this.due !== undefined) return false;
    if (this.agents.some(({ isAlive }) => isAlive) || !this.agents.some(({ isDown }) => isDown)) return false;
    this.due = this.scheduler.now() + this.wait;
    // Who fails over and over may do so without an end: nobody has to wait for that.
    this.slot = this.scheduler.arm(this.due, this, this.restart > 1 ? INTERVAL : FINITE);
    return true;
  }

  /** One of them is ready. */
  up(agent: Agent): void {
    this.starts.done(agent);
  }

  cancel(): void {
    this.isCancelled = true;
    if (this.slot !== NO_SLOT) this.scheduler.disarm(this.slot);
    this.slot = NO_SLOT;
  }

  /** As a task, it is the end of the wait. */
  run(): void {
    this.slot = NO_SLOT;
    this.starts.start();
  }

  fail(error: unknown): void {
    throw error;
  }
}
