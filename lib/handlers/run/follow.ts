/* eslint-disable rxjs-x/no-subclass, @typescript-eslint/no-deprecated --
   A Subscriber that exists before it is subscribed can be let go of even while the source emits synchronously. */
import { isObservable, type Observable, Subscriber } from 'rxjs';
import type { HandlerResult } from '../policies/Handler';
import { rejected } from '../waits/PromisedWait';

/** The run that what a handler returns is taken to. */
export interface Followed<R> {
  readonly isLive: boolean;
  /** It has given a value, and more may come. */
  emit(value: R): void;
  /** It has given the one value that it gives, and has come to its end. */
  succeed(value: R): void;
  /** It has come to its end. */
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
  run.succeed(result);
  return undefined;
}

/** Bound functions are half as large as closures, and live as long as the run: the row `merge, 100,000 in flight` shows it. */
function followPromise<R>(run: Followed<R>, promise: PromiseLike<R>): void {
  promise.then(run.succeed.bind(run), run.reject.bind(run));
}

/** A generator that is left runs its `finally`, at the latest when what it awaits has come. */
function followIterable<R>(run: Followed<R>, iterable: AsyncIterable<R>): () => void {
  const iterator = iterable[Symbol.asyncIterator]();
  const reject = (error: unknown): void => {
    run.reject(error);
  };
  const take = (result: IteratorResult<R, unknown>): void => {
    let item: IteratorResult<R, unknown>;
    try {
      const { done, value } = result;
      item = { done, value } as typeof result;
    } catch (error) {
      reject(error);
      return;
    }
    if (item.done === true) {
      run.settle();
      return;
    }
    run.emit(item.value);
    if (run.isLive) step();
  };
  // Written by hand, an iterator may throw where it should reject, or give its results as they are.
  const step = (): void => {
    attempt(() => iterator.next()).then(take, reject);
  };
  step();
  return () => {
    attempt(() => iterator.return?.()).then(() => {
      run.settle();
    }, reject);
  };
}

function attempt<V>(call: () => V | PromiseLike<V>): Promise<V> {
  try {
    return Promise.resolve(call());
  } catch (error) {
    return rejected(error);
  }
}

function followObservable<R>(run: Followed<R>, values$: Observable<R>): () => void {
  const subscriber = new RunSubscriber(run);
  values$.subscribe(subscriber);
  return () => {
    try {
      subscriber.unsubscribe();
    } finally {
      run.settle();
    }
  };
}

class RunSubscriber<R> extends Subscriber<R> {
  constructor(private readonly run: Followed<R>) {
    super();
  }

  get result(): object {
    return this.run;
  }

  protected override _next(value: R): void {
    this.run.emit(value);
    if (!this.run.isLive) this.unsubscribe();
  }

  protected override _error(error: unknown): void {
    this.run.reject(error);
    this.letGo();
  }

  /** A teardown that throws at the end is a failure of the run; behind an error it would be a second one. */
  protected override _complete(): void {
    const thrown = this.letGo();
    if (thrown === undefined) this.run.settle();
    else this.run.reject(thrown.error);
  }

  private letGo(): { readonly error: unknown } | undefined {
    try {
      this.unsubscribe();
      return undefined;
    } catch (error) {
      return { error };
    }
  }
}

function isPromiseLike<R>(result: HandlerResult<R>): result is PromiseLike<R> {
  return typeof (result as Partial<PromiseLike<R>> | undefined)?.then === 'function';
}

function isAsyncIterable<R>(result: HandlerResult<R>): result is AsyncIterable<R> {
  return typeof (result as Partial<AsyncIterable<R>> | undefined)?.[Symbol.asyncIterator] === 'function';
}
