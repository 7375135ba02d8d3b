import type { Observable, Subscriber, Subscription } from 'rxjs';
import { IsolatingObservable, type OnThrow } from './IsolatingObservable';
import { Outlet } from './Outlet';

/** An {@link Outlet} with a present value, once it has been given one; a new subscriber gets that first, even after the end. */
export class StateOutlet<T> {
  private readonly changes: Outlet<T>;
  private present: { readonly value: T } | undefined;

  constructor(private readonly onThrow: OnThrow) {
    this.changes = new Outlet(onThrow);
  }

  get $(): Observable<T> {
    return new IsolatingObservable<T>((subscriber) => this.subscribe(subscriber), this.onThrow);
  }

  next(value: T): void {
    if (this.changes.isComplete) return;
    this.present = { value };
    this.changes.next(value);
  }

  complete(): void {
    this.changes.complete();
  }

  /** It is subscribed before it gets the present value, so that it hears of a change which that value makes it cause. */
  private subscribe(subscriber: Subscriber<T>): Subscription {
    const { present, changes } = this;
    if (changes.isComplete && present !== undefined) subscriber.next(present.value);
    const subscription = changes.$.subscribe(subscriber);
    if (present !== undefined) subscriber.next(present.value);
    return subscription;
  }
}
