import { Observable, type Subscriber } from 'rxjs';
import { eachValueFrom } from 'rxjs-for-await';
import { leadTo } from '../../time/present/workerBehind';
import type { Cancelled } from '../run/Cancelled';
import { Wait, type WaitList } from './Wait';
import type { Expected } from './waitOptions';

/** What can wait for a promise as well. */
interface Awaiting extends WaitList {
  until<V>(on: 'each', make: () => PromiseLike<V>, expected: Expected, release: () => void): Promise<V>;
}

/**
 * Iterates over a source in a way that ends with the run. A generator's `return()` waits behind its pending
 * `next()`, so whoever ends the loop has to reach it by way of the source: the end of the run lets that fail with
 * what the run's functions reject with, and a loop that is left lets it complete.
 */
export function eachValue<V>(
  waits: Awaiting,
  source$: Observable<V>,
  expected: Expected,
): AsyncIterableIterator<V, undefined> {
  let subscriber: Subscriber<V> | undefined;
  const values = eachValueFrom(
    new Observable<V>((opened) => {
      subscriber = opened;
      const use = new SourceUse(waits, expected.what, opened).open();
      opened.add(() => use.close());
      leadTo(waits.run, opened);
      return source$.subscribe(opened);
    }),
  );
  const leave = (): void => {
    subscriber?.complete();
  };
  return {
    next: () => waits.until('each', () => values.next(), expected, leave),
    return: async () => {
      leave();
      await values.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A source that a loop has in use, whether it waits for it at the moment or not. */
class SourceUse extends Wait {
  constructor(
    waits: WaitList,
    what: string,
    private readonly subscriber: Subscriber<unknown>,
  ) {
    super(waits, 'each', what, false);
  }

  protected override letGo(): void {
    this.subscriber.unsubscribe();
  }

  protected override cancelled(reason: Cancelled): void {
    this.subscriber.error(reason);
  }
}
