import type { Observable, Subscriber } from 'rxjs';
import { placed } from '../../time/present/PlacedSubscriber';
import type { Present } from '../../time/present/Present';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { Outlet } from '../../trace/Outlet';
import type { Lifecycle, LifecycleEvent, LifecycleMoment } from '../definition/Lifecycle';

/** The life's part of the host: whoever subscribes works for it. */
interface Placing {
  readonly present: Present;
}

class MomentOutlet extends Outlet<LifecycleEvent> {
  constructor(
    onThrow: OnThrow,
    private readonly scope: Placing,
  ) {
    super(onThrow);
  }

  protected override subscribe(subscriber: Subscriber<LifecycleEvent>): (() => void) | undefined {
    return super.subscribe(placed(subscriber, this.scope.present, this.scope));
  }
}

/** The owner's side of a {@link Lifecycle}. Moments that nobody has asked for are never made. */
export class LifecycleOutlets implements Lifecycle {
  private readonly outlets: Partial<Record<LifecycleMoment, Outlet<LifecycleEvent>>> = {};
  private isOver = false;

  constructor(
    private readonly onThrow: OnThrow,
    private readonly scope: Placing,
  ) {}

  get setup$(): Observable<LifecycleEvent> {
    return this.moment('setup');
  }

  get start$(): Observable<LifecycleEvent> {
    return this.moment('start');
  }

  get ready$(): Observable<LifecycleEvent> {
    return this.moment('ready');
  }

  get stop$(): Observable<LifecycleEvent> {
    return this.moment('stop');
  }

  get finish$(): Observable<LifecycleEvent> {
    return this.moment('finish');
  }

  emit(event: LifecycleEvent): void {
    this.outlets[event.type]?.next(event);
  }

  complete(): void {
    this.isOver = true;
    for (const outlet of Object.values(this.outlets)) outlet.complete();
  }

  private moment(type: LifecycleMoment): Observable<LifecycleEvent> {
    let outlet = this.outlets[type];
    if (outlet === undefined) {
      this.outlets[type] = outlet = new MomentOutlet(this.onThrow, this.scope);
      if (this.isOver) outlet.complete();
    }
    return outlet.$;
  }
}
