import type { Observable } from 'rxjs';
import { type Duration, toMs } from '../../time/spans/duration';
import type { Parking } from '../../trace/Ledger';
import { Call } from './Call';
import type { Callable, Caller } from './Callable';
import { foreignWait } from './LateWait';
import { eachValue } from './eachValue';
import { IntrusiveList } from '../policies/IntrusiveList';
import { nextValue } from './nextValue';
import { offload } from './offload';
import type { OffloadWork } from './Offloader';
import { disregard, PromisedWait, refused, rejected } from './PromisedWait';
import { type RetryOptions, toPartRetry } from '../policies/retry';
import { type RetriedPart, retryPart } from './retryPart';
import { RetryPause } from './RetryPause';
import { Sleep } from './Sleep';
import { type KeptPart, keptPart } from './step';
import type { Wait, WaitList } from './Wait';
import type { WaitingRun } from './WaitingRun';
import type { Expected } from './waitOptions';

/** How long the answer to a call is waited for by default, in ms. */
const CALL_TIMEOUT = 5000;

/** All that one run waits for by way of the kit. */
export class Waits implements WaitList {
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
    return this.run.isLive ? new Sleep(this, span, ms).open().promise : refused(this.run);
  }

  /** Sleeps until an instant of the wall clock that is kept: when the run is repeated, what is left of it. */
  sleepOn(span: Duration, { job, name }: KeptPart): Promise<void> {
    const { run } = this;
    const ms = toMs(span);
    if (!run.isLive) return refused(run);
    try {
      job.beginStep(name);
    } catch (error) {
      return rejected(error);
    }
    const now = job.wallNow();
    const kept = job.stepOf(name);
    const due = typeof kept === 'number' ? kept : now + ms;
    if (kept === undefined) job.keepStep(name, due);
    else job.waitsOutside();
    return new Sleep(this, span, Math.max(0, due - now)).open().promise;
  }

  /** Does a part of a durable run once. */
  step<V>(part: KeptPart, work: () => PromiseLike<V>): Promise<V> {
    return keptPart(this, part, work);
  }

  /** @throws AgentError `bad-option` or `bad-duration` */
  retry<V>(work: RetriedPart<V>, options: RetryOptions): Promise<V> {
    return retryPart(this, work, toPartRetry(work, options));
  }

  /** The pause before a part of the run is repeated. */
  pausePart(ms: number): Promise<void> {
    return this.run.isLive ? new Sleep(this, ms, ms, 'retry').open().promise : refused(this.run);
  }

  /** Calls one of the two: after a pause, or when the run is cancelled in it. */
  pause(ms: number, begin: () => void, onCancel: () => void): void {
    new RetryPause(this, ms, begin, onCancel).open();
  }

  next<V>(source$: Observable<V>, expected: Expected): Promise<V> {
    return this.run.isLive ? nextValue(this, source$, expected) : refused(this.run);
  }

  each<V>(source$: Observable<V>, expected: Expected): AsyncIterableIterator<V> {
    return eachValue(this, source$, expected);
  }

  /** @param timeout how long to wait for the answer */
  call<V>(caller: Caller, procedure: Callable<unknown, V>, input: unknown, timeout?: Duration): Promise<V> {
    const ms = timeout === undefined ? CALL_TIMEOUT : toMs(timeout);
    return this.run.isLive ? new Call(this, caller, procedure, ms).send(input).promise : refused(this.run);
  }

  external<V>(promise: PromiseLike<V>, expected: Expected): Promise<V> {
    // A run that is over has still been given the promise: nobody else looks after its rejection.
    if (!this.run.isLive) disregard(promise);
    return this.until('external', () => promise, expected);
  }

  offload(work: OffloadWork, args: readonly unknown[]): Promise<unknown> {
    return this.run.isLive ? offload(this, work, args) : refused(this.run);
  }

  /**
   * Waits for a promise, which is not made if the run is over.
   *
   * @param release undoes what was begun, if the wait is given up or cancelled
   */
  until<V>(
    on: 'each' | 'external',
    make: () => PromiseLike<V>,
    { what, timeout }: Expected,
    release?: () => void,
  ): Promise<V> {
    if (!this.run.isLive) return refused(this.run);
    const wait = (
      on === 'external' ? foreignWait<V>(this, on, what) : new PromisedWait<V>(this, on, what)
    ).within(timeout);
    wait.release = release;
    return wait.open().endWith(make).promise;
  }

  /** The run is over. What the teardown of a source throws then goes where a late result goes. */
  cancelAll(): void {
    if (this.open.size === 0) return;
    const { run } = this;
    for (const wait of this.open.toArray()) {
      try {
        wait.cancel(run.cancelled);
      } catch (error) {
        run.trace.late(run, 'error', error);
      }
    }
  }

  /** The process has ended: nothing that is waited for ever comes. */
  vanish(): void {
    for (const wait of this.open.toArray()) wait.vanish();
  }

  opened(wait: Wait): void {
    this.open.add(wait);
    if (!wait.isParked) return;
    const { activity } = this.run.scope;
    if (this.parked++ === 0) activity.rest();
    if (isForeign(wait)) {
      if (wait.hasDeadline()) activity.wake();
      else activity.external++;
    }
    this.run.trace.parked(this.run, wait);
  }

  closed(wait: Wait): void {
    this.open.remove(wait);
    if (!wait.isParked) return;
    const { activity } = this.run.scope;
    this.parked--;
    if (isForeign(wait)) {
      if (wait.hasDeadline()) activity.rest();
      else activity.external--;
    }
    if (this.parked > 0 || !this.run.isLive) return;
    activity.wake();
    this.run.trace.resumed(this.run, wait);
  }
}

/**
 * Whether what it waits for takes real time. In a marble test that stands still meanwhile, as long as it takes; for a
 * wait that ends by itself at a virtual instant, only while the host has something under way.
 */
function isForeign({ on }: Wait): boolean {
  return on === 'external' || on === 'offload';
}
