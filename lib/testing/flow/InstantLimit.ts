/** How many turns, and how many tasks, one instant may take. */
const TURNS = 20_000;
const TASKS = 500_000;

/** The tasks of a scheduler. */
export interface Tasks {
  readonly ran: number;
  readonly size: number;
}

/** Finds out when time does not get on, since what runs at an instant goes on and on at it. */
export class InstantLimit {
  private turns = 0;
  /** How many tasks may have run by the time at which it goes on. */
  private mostTasks = Infinity;

  /** Whether there has been too much at this instant; not where time goes on, or has only begun to pass. */
  holdsOn(goesOn: boolean, tasks: Tasks): boolean {
    if (goesOn || this.mostTasks === Infinity) {
      this.turns = 0;
      // What is armed by now may all be for one instant.
      this.mostTasks = tasks.ran + tasks.size + TASKS;
      return false;
    }
    return ++this.turns > TURNS || tasks.ran > this.mostTasks;
  }
}
