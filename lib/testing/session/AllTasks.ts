import type { Rank } from '../../time/queue/rank';
import type { Scheduler } from '../../time/queue/Scheduler';
import type { Task } from '../../time/queue/Timers';
import type { Armed } from '../flow/armed';
import type { ArmedTasks } from '../flow/TimeFlow';

interface Scheduling {
  readonly scheduler: Scheduler;
}

/** What is armed on all hosts of a test, as if it were one. */
export class AllTasks implements ArmedTasks, Armed {
  constructor(private readonly hosts: () => readonly Scheduling[]) {}

  count(rank: Rank): number {
    return this.sum((scheduler) => scheduler.count(rank));
  }

  get ran(): number {
    return this.sum(({ ran }) => ran);
  }

  get size(): number {
    return this.sum(({ size }) => size);
  }

  *armed(): IterableIterator<{ readonly due: number; readonly owner: Task }> {
    for (const { scheduler } of this.hosts()) yield* scheduler.armed();
  }

  private sum(of: (scheduler: Scheduler) => number): number {
    let sum = 0;
    for (const { scheduler } of this.hosts()) sum += of(scheduler);
    return sum;
  }
}
