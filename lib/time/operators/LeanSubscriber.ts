/* eslint-disable rxjs-x/no-subclass --
   What an idle agent keeps is mostly subscribers. */
import { Subscriber, type TeardownLogic } from 'rxjs';

/**
 * A Subscriber that keeps what ends with it in as little memory as it takes. RxJS pushes that onto an empty array,
 * which gets 17 places by that, and mostly one is needed.
 */
export abstract class LeanSubscriber<T> extends Subscriber<T> {
  override add(teardown: TeardownLogic): void {
    super.add(teardown);
    const held = this as unknown as { _finalizers?: unknown[] | null };
    if (held._finalizers?.length === 1) held._finalizers = [held._finalizers[0]];
  }
}
