/* eslint-disable rxjs-x/no-subclass, @typescript-eslint/no-deprecated --
   A Subject, too, is a subclass that passes its kind on to what is derived from it, by way of lift. */
import { Observable, Subscriber, type Operator, type Subscription, type TeardownLogic } from 'rxjs';

/** Is told what a subscriber has thrown. It must not throw itself. */
export type OnThrow = (error: unknown) => void;

/** A callback may be an async function. */
type Callback<T> = ((value: T) => unknown) | null | undefined;

interface Callbacks<T> {
  readonly next?: Callback<T>;
  readonly error?: Callback<unknown>;
  readonly complete?: (() => unknown) | null | undefined;
}

/**
 * An Observable that tells its owner what its subscribers throw, and the errors that they do not take. RxJS throws
 * those anew in a turn of its own, where they end the process and with it everybody else. What RxJS's operators
 * derive from it is isolated just as well.
 */
export class IsolatingObservable<T> extends Observable<T> {
  private isTelling = false;

  constructor(
    subscribe: ((subscriber: Subscriber<T>) => TeardownLogic) | undefined,
    private readonly onThrow: OnThrow,
  ) {
    super(subscribe);
  }

  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const derived = new IsolatingObservable<R>(undefined, this.onThrow);
    derived.source = this;
    derived.operator = operator;
    return derived;
  }

  override subscribe(
    observerOrNext?: Callbacks<T> | Callback<T>,
    error?: Callback<unknown>,
    complete?: (() => void) | null,
  ): Subscription {
    if (isSubscriber(observerOrNext)) return super.subscribe(observerOrNext);
    const callbacks: Callbacks<T> =
      typeof observerOrNext === 'object' && observerOrNext !== null
        ? observerOrNext
        : { next: observerOrNext, error, complete };
    const tell = (thrown: unknown): void => {
      this.tell(thrown);
    };
    return super.subscribe(new IsolatedSubscriber(callbacks, tell));
  }

  /** A subscriber of errors may throw at each error, also at the one that tells of its throwing: that is told once. */
  private tell(error: unknown): void {
    if (this.isTelling) return;
    this.isTelling = true;
    this.onThrow(error);
    this.isTelling = false;
  }
}

/** Keeps what an observer throws from whoever emits. */
class IsolatedSubscriber<T> extends Subscriber<T> {
  constructor(
    private readonly callbacks: Callbacks<T>,
    private readonly tell: OnThrow,
  ) {
    super();
  }

  protected override _next(value: T): void {
    try {
      const given = this.callbacks.next?.(value);
      if (given !== undefined) this.watch(given);
    } catch (error) {
      this.tell(error);
    }
  }

  protected override _error(thrown: unknown): void {
    try {
      if (!this.callbacks.error) throw thrown;
      this.watch(this.callbacks.error(thrown));
    } catch (error) {
      this.tell(error);
    }
    this.letGo();
  }

  protected override _complete(): void {
    try {
      this.watch(this.callbacks.complete?.());
    } catch (error) {
      this.tell(error);
    }
    this.letGo();
  }

  /** A callback may be an async function: what it rejects with is thrown by it as well. */
  private watch(given: unknown): void {
    if (typeof given !== 'object' || given === null) return;
    const { then } = given as Partial<PromiseLike<unknown>>;
    if (typeof then === 'function') then.call(given, undefined, this.tell);
  }

  private letGo(): void {
    try {
      this.unsubscribe();
    } catch (error) {
      this.tell(error);
    }
  }
}

/** An operator's Subscriber takes care of itself; one from another copy of RxJS is known by its methods, as RxJS does. */
function isSubscriber<T>(given: unknown): given is Subscriber<T> {
  if (given instanceof Subscriber) return true;
  const { next, add, remove, unsubscribe } = (given ?? {}) as Partial<Subscriber<T>>;
  return [next, add, remove, unsubscribe].every((method) => typeof method === 'function');
}
