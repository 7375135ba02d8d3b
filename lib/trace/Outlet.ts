import type { Observable, Subscriber } from 'rxjs';
import { IsolatingObservable, type OnThrow } from './IsolatingObservable';

const NOBODY: readonly never[] = [];
/** Up to so many are kept in an array alone; more would take long to copy for each that comes or goes. */
const FEW = 16;

/**
 * The end of something hot: its owner puts values in, others subscribe to `$`. It costs little until they do. What a
 * subscriber causes to be put in from within its turn is handed on when all have had theirs, so that all see one order.
 */
export class Outlet<T> {
  /** Never changed while it is gone through, but replaced: who subscribes meanwhile hears of the next value first. */
  private subscribers: readonly Subscriber<T>[] = NOBODY;
  /** Who there is, if they are many: of them the array is made when it is gone through. */
  private many: Set<Subscriber<T>> | undefined;
  private isStale = false;
  private view: Observable<T> | undefined;
  private isHandingOn = false;
  /** What has been put in from within, and whether it tells of a subscriber that has thrown. */
  private waiting: (readonly [T, boolean])[] | undefined;
  private isTelling = false;
  /** A subscriber may throw at each value, also at the one that tells of its throwing: that is told once. */
  private isTold = false;
  private hasEnded = false;

  /** @param onThrow is told what a subscriber of `$` throws */
  constructor(private readonly onThrow: OnThrow) {}

  get isObserved(): boolean {
    return this.subscribers.length > 0;
  }

  /** Whether all have been told that nothing comes any more. */
  get isComplete(): boolean {
    return this.hasEnded && !this.isHandingOn;
  }

  get $(): Observable<T> {
    return (this.view ??= new IsolatingObservable<T>(
      (subscriber) => this.subscribe(subscriber),
      (error) => {
        this.tell(error);
      },
    ));
  }

  next(value: T): void {
    if (this.hasEnded) return;
    if (this.isHandingOn) {
      (this.waiting ??= []).push([value, this.isTelling]);
      return;
    }
    this.isHandingOn = true;
    try {
      this.handOn(value);
    } finally {
      this.handOnWaiting();
    }
  }

  /** It is the end at once for what is put in, and for those who listen when they have got what was put in before. */
  complete(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (!this.isHandingOn) this.tellEnd();
  }

  /** Takes values again after its end, for those who subscribe from now on. */
  reopen(): void {
    this.hasEnded = false;
  }

  /** Gives a value to one subscriber; what that one puts in meanwhile comes behind it. */
  protected handTo(subscriber: Subscriber<T>, value: T): void {
    if (this.isHandingOn) {
      subscriber.next(value);
      return;
    }
    this.isHandingOn = true;
    try {
      subscriber.next(value);
    } finally {
      this.handOnWaiting();
    }
  }

  /** A teardown that throws is thrown at whoever emits. */
  protected handOn(value: T): void {
    for (const subscriber of this.isStale ? this.refreshed() : this.subscribers) {
      try {
        subscriber.next(value);
      } catch (error) {
        this.tell(error);
      }
    }
  }

  protected subscribe(subscriber: Subscriber<T>): (() => void) | undefined {
    if (this.isComplete) {
      subscriber.complete();
      return undefined;
    }
    this.add(subscriber);
    return () => {
      this.remove(subscriber);
    };
  }

  private add(subscriber: Subscriber<T>): void {
    if (this.many === undefined && this.subscribers.length < FEW) {
      this.subscribers = [...this.subscribers, subscriber];
      return;
    }
    this.many ??= new Set(this.subscribers);
    this.many.add(subscriber);
    this.isStale = true;
  }

  private remove(subscriber: Subscriber<T>): void {
    if (this.many === undefined) {
      this.subscribers = this.subscribers.filter((other) => other !== subscriber);
      return;
    }
    this.isStale = this.many.delete(subscriber) || this.isStale;
    if (this.many.size === 0) this.empty();
  }

  private refreshed(): readonly Subscriber<T>[] {
    this.isStale = false;
    return (this.subscribers = [...(this.many ?? NOBODY)]);
  }

  private empty(): void {
    this.subscribers = NOBODY;
    this.many = undefined;
    this.isStale = false;
  }

  private tell(error: unknown): void {
    if (this.isTold) return;
    this.isTelling = true;
    this.onThrow(error);
    this.isTelling = false;
  }

  private handOnWaiting(): void {
    try {
      for (let next = this.waiting; next !== undefined; next = this.waiting) {
        this.waiting = undefined;
        for (const [value, isTold] of next) {
          this.isTold = isTold;
          this.handOn(value);
        }
      }
    } finally {
      this.isTold = false;
      this.isHandingOn = false;
    }
    if (this.hasEnded) this.tellEnd();
  }

  private tellEnd(): void {
    const subscribers = this.isStale ? this.refreshed() : this.subscribers;
    this.empty();
    for (const subscriber of subscribers) {
      try {
        subscriber.complete();
      } catch (error) {
        this.tell(error);
      }
    }
  }
}
