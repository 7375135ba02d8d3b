import { filter, map, merge, type Observable, share, Subject } from 'rxjs';
import type { AgentContext, Run } from 'rx-agent-kit';
import type { VenConfig } from './config';
import type { VenClient } from './VenClient';

/** Something to be done with a client. */
export interface Task {
  readonly client: VenClient | undefined;
}
type Doable<T extends Task> = T & { readonly client: VenClient };

/** Work that is tried again for as long as it takes. */
export interface Persistence<T extends Task, R> {
  /** In errors and traces. */
  readonly name: string;
  /** Whether a task is still worth a try. */
  readonly isOfUse?: (task: Doable<T>) => boolean;
  readonly work: (task: Doable<T>, run: Run) => AsyncIterable<R>;
}

export interface Persistent<R> {
  readonly results$: Observable<R>;
  /** Why a try has failed; another one follows. */
  readonly failure$: Observable<unknown>;
}

/**
 * Does the latest task, again and again until it is done, with longer waits in between. Each try that fails is an
 * error of its own: the health is bad until one succeeds.
 */
export function persistently<T extends Task, R>(
  { time, handle }: AgentContext<VenConfig>,
  task$: Observable<T>,
  { name, work, isOfUse = () => true }: Persistence<T, R>,
): Persistent<R> {
  const again$ = new Subject<{ readonly task: T; readonly failures: number }>();
  const failure$ = new Subject<unknown>();
  const isDoable = (task: T): task is Doable<T> =>
    task.client !== undefined && !task.client.isClosed && isOfUse(task as Doable<T>);

  const results$ = merge(task$.pipe(map((task) => ({ task, failures: 0 }))), again$).pipe(
    // A new task takes the place of a try that is waited for.
    time.after(({ task: { client }, failures }) => (failures === 0 ? 0 : (client?.backoff(failures) ?? 0))),
    filter(({ task }) => isDoable(task)),
    handle.switch(
      async function* attempt({ task, failures }, run): AsyncGenerator<R> {
        if (!isDoable(task)) return;
        try {
          yield* work(task, run);
        } catch (error) {
          // The error makes the health bad, and another try is due all the same.
          if (!run.signal.aborted && isDoable(task)) {
            failure$.next(error);
            again$.next({ task, failures: failures + 1 });
          }
          throw error;
        }
      },
      { name },
    ),
    share(),
  );
  return { results$, failure$ };
}
