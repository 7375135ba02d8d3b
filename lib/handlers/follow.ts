import { isObservable, type Observable } from 'rxjs';
import type { HandlerResult } from './Handler';

/** The run that what a handler returns is taken to. */
export interface Followed<R> {
  readonly isLive: boolean;
  emit(value: R): void;
  settle(): void;
  reject(error: unknown): void;
}

/**
 * Takes what a handler has returned to its run. Gives the way to end it from outside, where there is one: a
 * promise comes to its end by itself when the run's functions reject.
 */
export function follow<R>(run: Followed<R>, result: HandlerResult<R>): (() => void) | undefined {
  if (isPromiseLike(result)) {
    followPromise(run, result);
    return undefined;
  }
  if (isAsyncIterable(result)) return followIterable(run, result);
  if (isObservable(result)) return followObservable(run, result);
  run.emit(result);
  run.settle();
  return undefined;
}

function followPromise<R>(run: Followed<R>, promise: PromiseLike<R>): void {
  promise.then(
    (value) => {
      run.emit(value);
      run.settle();
    },
    (error: unknown) => {
      run.reject(error);
    },
  );
}

/** A generator that is left runs its `finally`, at the latest when what it awaits has come. */
function followIterable<R>(run: Followed<R>, iterable: AsyncIterable<R>): () => void {
  const iterator = iterable[Symbol.asyncIterator]();
  const settle = (): void => {
    run.settle();
  };
  const reject = (error: unknown): void => {
    run.reject(error);
  };
  const step = (): void => {
    iterator.next().then(({ done, value }) => {
      if (done === true) {
        run.settle();
        return;
      }
      run.emit(value);
      if (run.isLive) step();
    }, reject);
  };
  step();
  return () => {
    Promise.resolve(iterator.return?.()).then(settle, reject);
  };
}

function followObservable<R>(run: Followed<R>, values$: Observable<R>): () => void {
  const subscription = values$.subscribe({
    next: (value) => {
      run.emit(value);
    },
    error: (error: unknown) => {
      run.reject(error);
    },
    complete: () => {
      run.settle();
    },
  });
  return () => {
    subscription.unsubscribe();
    run.settle();
  };
}

function isPromiseLike<R>(result: HandlerResult<R>): result is PromiseLike<R> {
  return typeof (result as Partial<PromiseLike<R>> | undefined)?.then === 'function';
}

function isAsyncIterable<R>(result: HandlerResult<R>): result is AsyncIterable<R> {
  return typeof (result as Partial<AsyncIterable<R>> | undefined)?.[Symbol.asyncIterator] === 'function';
}
