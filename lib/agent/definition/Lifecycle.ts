import type { Observable } from 'rxjs';

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
