import type { SchedulerAction, Subscription } from 'rxjs';
import type { Present, Worker } from '../../time/Present';
import type { Rank } from '../../time/rank';
import type { Task, TimerPart, Timers, TimerWatcher } from '../../time/Timers';
import { Ledger } from '../../trace/Ledger';
import type { Trace } from '../../trace/Trace';
import type { AgentHost } from '../AgentHost';
import { AgentTask } from './AgentTask';

/**
 * An agent's view of the host's scheduler: what is armed and scheduled on it is in the agent's ledger, bears its names
 * in the trace, and ends with it.
 */
export abstract class AgentTimers implements Timers, TimerWatcher {
  readonly ledger: Ledger;
  isHalted = false;
  /** The scheduled work that is armed, if any ever was. */
  tasks: Set<Subscription> | undefined;

  constructor(
    readonly agent: string,
    protected readonly host: AgentHost,
  ) {
    this.ledger = new Ledger(agent);
  }

  abstract enter(timer: TimerPart): Worker;
  abstract leave(timer: TimerPart): void;
  protected abstract taskFailed(error: unknown): void;

  get trace(): Trace {
    return this.host.trace;
  }

  // The scheduler.

  now(): number {
    return this.host.scheduler.now();
  }

  wallNow(): number {
    return this.host.scheduler.wallNow();
  }

  get present(): Present {
    return this.host.scheduler.present;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    const task = new AgentTask<T>(this, work, (error) => {
      this.taskFailed(error);
    });
    return task.schedule(state, delay);
  }

  arm(due: number, task: Task, rank?: Rank): number {
    return this.host.scheduler.arm(due, task, rank);
  }

  rearm(slot: number, due: number): void {
    this.host.scheduler.rearm(slot, due);
  }

  disarm(slot: number): void {
    this.host.scheduler.disarm(slot);
  }

  onWallSet(listener: () => void): () => void {
    return this.host.scheduler.onWallSet(listener);
  }

  // The trace.

  get timerWatcher(): TimerWatcher | undefined {
    return this.trace.isWatched ? this : undefined;
  }

  timerArmed(timer: TimerPart, due: number): void {
    this.trace.write({ type: 'timer-armed', ...this.of(timer), timer: timer.kind, due });
  }

  timerFired(timer: TimerPart, missed: number): void {
    this.trace.write({ type: 'timer-fired', ...this.of(timer), timer: timer.kind, missed });
  }

  timerCancelled(timer: TimerPart): void {
    this.trace.write({ type: 'timer-cancelled', ...this.of(timer), timer: timer.kind });
  }

  private of(timer: TimerPart): { readonly agent: string; readonly stream: string } {
    return { agent: this.agent, stream: this.ledger.parts.get(timer) ?? timer.place?.stream ?? '' };
  }
}
