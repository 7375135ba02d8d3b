import type { Observable, Subscriber } from 'rxjs';
import type { OnThrow } from '../../trace/IsolatingObservable';
import { Outlet } from '../../trace/Outlet';

/** The moments of an agent's life at which its author may do something. */
export type LifecycleMoment = 'setup' | 'start' | 'ready' | 'stop' | 'finish';

export interface LifecycleEvent {
  readonly type: LifecycleMoment;
  readonly agent: string;
  /** The instant, in ms. */
  readonly at: number;
}

/**
 * The life of an agent as Observables. Each emits once, in this order, and completes when the agent has stopped.
 * Their subscribers are called in the order in which they subscribed; whoever comes late gets nothing. A stop that
 * is asked for in the midst of `setup$`, `start$` or `ready$` begins when all of their subscribers have been called.
 */
export interface Lifecycle {
  /**
   * Emits synchronously while the agent is set up, before the bus is connected. A throw here, and a handler of it
   * that fails before the start, reject the start.
   */
  readonly setup$: Observable<LifecycleEvent>;
  /** Emits when the config is there. Its handlers run concurrently. */
  readonly start$: Observable<LifecycleEvent>;
  /** Emits when `readyWhen` has emitted, or right after `start$` where there is none. */
  readonly ready$: Observable<LifecycleEvent>;
  /**
   * Emits when timers are cancelled and runs are aborted or drained, if `start$` has emitted. Its handlers are
   * awaited, and aborted runs that clean up, too, up to `stopTimeout`. A timer that it triggers never fires.
   */
  readonly stop$: Observable<LifecycleEvent>;
  /**
   * Emits last, also after a setup that failed. Every subscriber is called, whatever another one throws; handlers
   * are awaited up to `stopTimeout`, but not after such a setup.
   */
  readonly finish$: Observable<LifecycleEvent>;
}

type Place = (subscriber: Subscriber<LifecycleEvent>) => Subscriber<LifecycleEvent>;

class MomentOutlet extends Outlet<LifecycleEvent> {
  constructor(
    onThrow: OnThrow,
    private readonly place: Place,
  ) {
    super(onThrow);
  }

  protected override subscribe(subscriber: Subscriber<LifecycleEvent>): (() => void) | undefined {
    return super.subscribe(this.place(subscriber));
  }
}

/** The owner's side of a {@link Lifecycle}. Moments that nobody has asked for are never made. */
export class LifecycleOutlets implements Lifecycle {
  private readonly outlets: Partial<Record<LifecycleMoment, Outlet<LifecycleEvent>>> = {};

  /** @param place gives what takes the events for a subscriber */
  constructor(
    private readonly onThrow: OnThrow,
    private readonly place: Place,
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
    for (const outlet of Object.values(this.outlets)) outlet.complete();
  }

  private moment(type: LifecycleMoment): Observable<LifecycleEvent> {
    return (this.outlets[type] ??= new MomentOutlet(this.onThrow, this.place)).$;
  }
}
