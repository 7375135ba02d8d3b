import type { Subscriber } from 'rxjs';
import { Outlet } from './Outlet';

/** An {@link Outlet} with a present value, once it has been given one; a new subscriber gets that first, even after the end. */
export class StateOutlet<T> extends Outlet<T> {
  private present: { readonly value: T } | undefined;

  protected override handOn(value: T): void {
    this.present = { value };
    super.handOn(value);
  }

  /** It is subscribed before it gets the present value, so that it hears of a change which that value makes it cause. */
  protected override subscribe(subscriber: Subscriber<T>): (() => void) | undefined {
    const { present } = this;
    if (this.isComplete && present !== undefined) subscriber.next(present.value);
    const unsubscribe = super.subscribe(subscriber);
    if (present !== undefined && unsubscribe !== undefined) this.handTo(subscriber, present.value);
    return unsubscribe;
  }
}
