import { Observable, Subscriber, type Observer, type Subscription, type TeardownLogic } from 'rxjs';

/** Is told what a subscriber has thrown. */
export type OnThrow = (error: unknown) => void;

type Callback<T> = ((value: T) => void) | null | undefined;

interface SomeCallbacks<T> {
  readonly next?: Callback<T>;
  readonly error?: Callback<unknown>;
  readonly complete?: (() => void) | null | undefined;
}

/**
 * An Observable that tells its owner what its subscribers throw. RxJS throws that anew in a turn of its own,
 * where it ends the process and with it everybody else. What an operator behind it catches is not concerned.
 */
export class IsolatingObservable<T> extends Observable<T> {
  constructor(
    subscribe: (subscriber: Subscriber<T>) => TeardownLogic,
    private readonly onThrow: OnThrow,
  ) {
    super(subscribe);
  }

  override subscribe(
    observerOrNext?: Partial<Observer<T>> | Callback<T>,
    error?: Callback<unknown>,
    complete?: (() => void) | null,
  ): Subscription {
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const callbacks: SomeCallbacks<T> =
      typeof observerOrNext === 'object' && observerOrNext !== null
        ? bound(observerOrNext)
        : { next: observerOrNext, error, complete };
    return super.subscribe(this.isolated(callbacks));
  }

  private isolated({ next, error, complete }: SomeCallbacks<T>): Partial<Observer<T>> {
    return {
      next: (value) => {
        this.attempt(() => next?.(value));
      },
      complete: () => {
        this.attempt(() => complete?.());
      },
      ...(error && {
        error: (thrown: unknown) => {
          this.attempt(() => error(thrown));
        },
      }),
    };
  }

  private attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.onThrow(error);
    }
  }
}

/** An observer's methods as functions of their own. */
function bound<T>(observer: Partial<Observer<T>>): SomeCallbacks<T> {
  return {
    next: observer.next && ((value) => observer.next?.(value)),
    error: observer.error && ((thrown) => observer.error?.(thrown)),
    complete: observer.complete && (() => observer.complete?.()),
  };
}
