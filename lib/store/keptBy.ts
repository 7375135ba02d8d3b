import type { SchedulerLike } from 'rxjs';
import { formatMs } from '../time/spans/duration';
import type { Journal } from './Journal';
import { fenced, keptTooLate, notCommitted } from './storeErrors';

/** What `host.kept()` takes, read and checked. */
export interface KeptPlan {
  readonly flushed: boolean;
  /** In ms; Infinity for none. */
  readonly timeout: number;
  readonly ifFailing: 'reject' | 'wait';
}

/** Resolves when all that was written so far is kept. */
export function keptBy(
  journal: Journal,
  { name, scheduler }: { readonly name: string; readonly scheduler: SchedulerLike },
  { timeout, ifFailing }: KeptPlan,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { failure } = journal;
    if (failure !== undefined && !failure.isForGood && ifFailing === 'reject') {
      reject(notCommitted(name, failure.error));
      return;
    }
    const deadline =
      timeout === Infinity
        ? undefined
        : scheduler.schedule(() => {
            reject(keptTooLate(name, formatMs(timeout)));
          }, timeout);
    journal.whenKept({
      kept: () => {
        deadline?.unsubscribe();
        resolve();
      },
      refused: (error, isForGood) => {
        if (!isForGood && ifFailing === 'wait') return;
        deadline?.unsubscribe();
        reject(isForGood ? fenced(name, error) : notCommitted(name, error));
      },
    });
  });
}
