import type { Task } from './Timers';

/** Tells the owner of a task what it has thrown. What that throws in turn has no owner. */
export function blame(owner: Pick<Task, 'fail'>, error: unknown): void {
  try {
    owner.fail(error);
  } catch (second) {
    throwLater(second);
  }
}

/** As RxJS does with an error that nobody takes. */
export function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
