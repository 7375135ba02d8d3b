/* eslint-disable rxjs-x/no-subclass, @typescript-eslint/no-deprecated --
   A Subscriber that exists before it is subscribed can be let go of even while the source is still subscribing. */
import { EmptyError, type Observable, Subscriber } from 'rxjs';
import { PromisedWait } from './PromisedWait';
import type { WaitList } from './Wait';
import type { Expected } from './waitOptions';

/** Waits for the next value of a source. */
export function nextValue<V>(
  waits: WaitList,
  source$: Observable<V>,
  { what, timeout }: Expected,
): Promise<V> {
  const wait = new PromisedWait<V>(waits, 'next', what).within(timeout);
  const subscriber = new NextSubscriber(wait);
  wait.release = () => {
    subscriber.unsubscribe();
  };
  wait.open();
  try {
    source$.subscribe(subscriber);
  } catch (error) {
    wait.fail(error);
  }
  return wait.promise;
}

class NextSubscriber<V> extends Subscriber<V> {
  constructor(private readonly wait: PromisedWait<V>) {
    super();
  }

  get result(): object {
    return this.wait.waiter;
  }

  protected override _next(value: V): void {
    this.wait.succeed(value);
    this.letGo();
  }

  protected override _error(error: unknown): void {
    this.wait.fail(error);
    this.letGo();
  }

  protected override _complete(): void {
    this.wait.fail(new EmptyError());
    this.letGo();
  }

  /** What a teardown throws would be thrown at the source, which others may wait for, too. */
  private letGo(): void {
    try {
      this.unsubscribe();
    } catch (error) {
      this.wait.late(error);
    }
  }
}
