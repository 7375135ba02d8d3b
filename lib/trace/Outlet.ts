import type { Observable, Subscriber } from 'rxjs';
import { IsolatingObservable, type OnThrow } from './IsolatingObservable';

const NOBODY: readonly never[] = [];

/** The end of something hot: its owner puts values in, others subscribe to `$`. It costs little until they do. */
export class Outlet<T> {
  isComplete = false;
  /** Never changed while it is gone through, but replaced: who subscribes meanwhile hears of the next value first. */
  private subscribers: readonly Subscriber<T>[] = NOBODY;
  private view: Observable<T> | undefined;

  private isTelling = false;

  /** @param onThrow is told what a subscriber of `$` throws */
  constructor(private readonly onThrow: OnThrow) {}

  get isObserved(): boolean {
    return this.subscribers.length > 0;
  }

  get $(): Observable<T> {
    return (this.view ??= new IsolatingObservable<T>(
      (subscriber) => this.subscribe(subscriber),
      this.onThrow,
    ));
  }

  next(value: T): void {
    for (const subscriber of this.subscribers) {
      try {
        subscriber.next(value);
      } catch (error) {
        this.tell(error);
      }
    }
  }

  complete(): void {
    const { subscribers } = this;
    this.isComplete = true;
    this.subscribers = NOBODY;
    for (const subscriber of subscribers) {
      try {
        subscriber.complete();
      } catch (error) {
        this.tell(error);
      }
    }
  }

  /** A teardown that throws is thrown at whoever emits. Telling of it may emit here again: that is told once. */
  private tell(error: unknown): void {
    if (this.isTelling) return;
    this.isTelling = true;
    this.onThrow(error);
    this.isTelling = false;
  }

  protected subscribe(subscriber: Subscriber<T>): (() => void) | undefined {
    if (this.isComplete) {
      subscriber.complete();
      return undefined;
    }
    this.subscribers = [...this.subscribers, subscriber];
    return () => {
      this.subscribers = this.subscribers.filter((other) => other !== subscriber);
    };
  }
}
