import type { Choice } from '../../../time/choices/Choices';
import type { Task } from '../../../time/queue/Timers';
import { describeTask } from './describeTask';

/** A task that may go first. */
export interface Rival {
  readonly task: Task;
  /** Whose order it keeps. */
  readonly lane: object;
}

/** Which of the tasks that are due at one instant goes first. */
export class OrderChoice implements Choice {
  readonly kind = 'order';

  constructor(private readonly tasks: readonly Rival[]) {}

  get rivals(): readonly object[] {
    return this.tasks.map(({ lane }) => lane);
  }

  tell(answer: number): string {
    const [first, ...rest] = this.tasks.slice(0, answer + 1).map(({ task }) => describeTask(task));
    const chosen = rest.pop() ?? '';
    return `${chosen} goes before ${[first ?? '', ...rest].join(', ')}`;
  }
}

/** Whether a task waits for a turn of its own, until all promises that the ones before it have settled have run out. */
export class TurnChoice implements Choice {
  readonly kind = 'turn';

  constructor(private readonly task: Task) {}

  tell(): string {
    return `${describeTask(this.task)} comes when all that was before it at this instant has gone on`;
  }
}
