import { Subject, type Observable } from 'rxjs';
import { IsolatingObservable, type OnThrow } from './IsolatingObservable';

/** The end of something hot: its owner puts values in, others subscribe to `$`. It costs little until they do. */
export class Outlet<T> {
  isComplete = false;
  private subject: Subject<T> | undefined;
  private view: Observable<T> | undefined;

  /** @param onThrow is told what a subscriber of `$` throws */
  constructor(private readonly onThrow: OnThrow) {}

  get isObserved(): boolean {
    return this.subject?.observed === true;
  }

  get $(): Observable<T> {
    return (this.view ??= new IsolatingObservable<T>((subscriber) => {
      if (!this.isComplete) return (this.subject ??= new Subject<T>()).subscribe(subscriber);
      subscriber.complete();
      return undefined;
    }, this.onThrow));
  }

  next(value: T): void {
    this.subject?.next(value);
  }

  complete(): void {
    this.isComplete = true;
    this.subject?.complete();
  }
}
