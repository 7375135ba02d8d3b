import type { Observable } from 'rxjs';
import { IsolatingObservable, type OnThrow } from './IsolatingObservable';
import { Outlet } from './Outlet';

/** An {@link Outlet} with a present value, once it has been given one; a new subscriber gets that first. */
export class StateOutlet<T> {
  private readonly outlet: Outlet<T>;
  private present: { readonly value: T } | undefined;

  constructor(private readonly onThrow: OnThrow) {
    this.outlet = new Outlet(onThrow);
  }

  get $(): Observable<T> {
    return new IsolatingObservable<T>((subscriber) => {
      if (this.present !== undefined) subscriber.next(this.present.value);
      return this.outlet.$.subscribe(subscriber);
    }, this.onThrow);
  }

  next(value: T): void {
    this.present = { value };
    this.outlet.next(value);
  }

  complete(): void {
    this.outlet.complete();
  }
}
