import { first, Observable } from 'rxjs';
import { eachValueFrom } from 'rxjs-for-await';
import { type Duration, toMs } from '../time/duration';
import type { Rank } from '../time/rank';
import type { Parking } from '../trace/Ledger';
import type { Cancelled } from './Cancelled';
import { IntrusiveList } from './IntrusiveList';
import type { RunScope } from './RunScope';
import type { RunTrace } from './RunTrace';
import { PromisedWait, Wait } from './Wait';

/** The run that waits. */
export interface WaitingRun {
  readonly id: number;
  readonly attempt: number;
  readonly rank: Rank;
  readonly scope: RunScope;
  readonly trace: RunTrace;
  readonly isLive: boolean;
  /** What its functions reject with once it is over. */
  readonly cancelled: Cancelled;
}

/** All that one run waits for by way of the kit. */
export class Waits {
  private readonly open = new IntrusiveList<Wait>();
  private parked = 0;

  constructor(readonly run: WaitingRun) {}

  get isParked(): boolean {
    return this.parked > 0;
  }

  get parkings(): readonly Parking[] {
    return this.open
      .toArray()
      .filter(({ isParked }) => isParked)
      .map(({ on, detail, since }) => ({ on, detail, since }));
  }

  sleep(span: Duration): Promise<void> {
    const ms = toMs(span);
    if (!this.run.isLive) return Promise.reject(this.run.cancelled);
    const wait = new PromisedWait<void>(this, 'sleep', span);
    wait.arm(ms);
    return wait.promise;
  }

  /** Calls back after a pause between two attempts, unless the run is cancelled in it. */
  pause(ms: number, then: () => void, onCancel: () => void): void {
    const wait = new PromisedWait<void>(this, 'retry', ms);
    wait.arm(ms);
    wait.promise.then(then, onCancel);
  }

  external<V>(promise: PromiseLike<V>, what: string): Promise<V> {
    return this.until('external', promise, what);
  }

  next<V>(source$: Observable<V>, what: string): Promise<V> {
    if (!this.run.isLive) return Promise.reject(this.run.cancelled);
    const wait = new PromisedWait<V>(this, 'next', what);
    const subscription = source$.pipe(first()).subscribe({
      next: (value) => {
        wait.succeed(value);
      },
      error: (error: unknown) => {
        wait.fail(error);
      },
    });
    wait.release = () => {
      subscription.unsubscribe();
    };
    return wait.promise;
  }

  /**
   * A generator's `return()` waits behind its pending `next()`, so the end of the run has to reach the loop by
   * way of the source: it fails with what the run's functions reject with.
   */
  each<V>(source$: Observable<V>, what: string): AsyncIterableIterator<V> {
    const values = eachValueFrom(
      new Observable<V>((subscriber) => {
        const guard = new Wait(this, 'each', what, false, (cancelled) => {
          subscriber.error(cancelled);
        });
        subscriber.add(() => guard.close());
        return source$.subscribe(subscriber);
      }),
    );
    return {
      next: () =>
        this.run.isLive ? this.until('each', values.next(), what) : Promise.reject(this.run.cancelled),
      return: async () => {
        await values.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  cancelAll(): void {
    if (this.open.size === 0) return;
    for (const wait of this.open.toArray()) wait.cancel(this.run.cancelled);
  }

  opened(wait: Wait): void {
    this.open.add(wait);
    if (!wait.isParked) return;
    const { activity } = this.run.scope;
    if (this.parked++ === 0) activity.rest();
    if (wait.on === 'external') activity.external++;
    this.run.trace.parked(this.run, wait);
  }

  closed(wait: Wait): void {
    this.open.remove(wait);
    if (!wait.isParked) return;
    const { activity } = this.run.scope;
    this.parked--;
    if (wait.on === 'external') activity.external--;
    if (this.parked > 0 || !this.run.isLive) return;
    activity.wake();
    this.run.trace.resumed(this.run, wait);
  }

  private until<V>(on: 'each' | 'external', promise: PromiseLike<V>, what: string): Promise<V> {
    if (!this.run.isLive) return Promise.reject(this.run.cancelled);
    const wait = new PromisedWait<V>(this, on, what);
    promise.then(
      (value) => {
        wait.succeed(value);
      },
      (error: unknown) => {
        wait.fail(error);
      },
    );
    return wait.promise;
  }
}
