import { type Duration, formatMs } from '../../time/spans/duration';
import type { ParkKind } from '../../trace/TraceEvent';
import { AgentError } from '../../AgentError';
import type { Cancelled } from '../run/Cancelled';
import { Deadline } from '../run/Deadline';
import { placeOf } from '../run/placeOf';
import { Wait, type WaitList } from './Wait';
import type { WaitingRun } from './WaitingRun';

let laidResolve: (value: unknown) => void;
let laidReject: (error: unknown) => void;

/** Lays the two functions of a new promise ready: a closure for each would show in the bench rows of calls. */
const lay = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  laidResolve = resolve as typeof laidResolve;
  laidReject = reject;
};

/** A wait that the handler sees as a promise. */
export class PromisedWait<V> extends Wait {
  readonly promise: Promise<V>;
  /** Undoes what was begun for the wait. */
  release: (() => void) | undefined;
  private deadline: Deadline | undefined;
  private readonly resolve: (value: V) => void;
  private readonly reject: (error: unknown) => void;

  constructor(waits: WaitList, on: ParkKind, what: Duration, isParked = true, since?: number) {
    super(waits, on, what, isParked, since);
    this.promise = new Promise<V>(lay);
    this.resolve = laidResolve;
    this.reject = laidReject;
  }

  /** Ends the wait by itself when it takes too long. */
  within(timeout: number): this {
    if (timeout === Infinity) return this;
    const { scope, rank } = this.waits.run;
    this.deadline = new Deadline(scope, this.since + timeout, rank, () => {
      this.giveUp(timeout);
    });
    return this;
  }

  override hasDeadline(): boolean {
    return this.deadline !== undefined;
  }

  private giveUp(timeout: number): void {
    const { scope, stream } = this.waits.run;
    const { where, ...place } = placeOf(scope.agent, stream);
    const message = `${where}: ${this.on} of ${this.detail}: nothing came within ${formatMs(timeout)}. Give the wait a longer timeout, or catch this where nothing need come.`;
    this.fail(new AgentError('wait-timeout', message, place));
    try {
      this.release?.();
    } catch (thrown) {
      this.late(thrown);
    }
  }

  override close(): boolean {
    if (!super.close()) return false;
    this.deadline?.end();
    return true;
  }

  succeed(value: V): void {
    if (!this.close()) return;
    if (mayFail(value)) this.promise.catch(ignore);
    this.resolve(value);
  }

  fail(error: unknown): void {
    if (this.close()) this.rejectQuietly(error);
  }

  /** Ends as a promise does; a function that throws instead of giving one is taken as one that has failed. */
  endWith(make: () => PromiseLike<V>): this {
    try {
      make().then(
        (value) => {
          this.succeed(value);
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
    } catch (error) {
      this.fail(error);
    }
    return this;
  }

  protected override letGo(): void {
    this.release?.();
  }

  protected override cancelled(reason: Cancelled): void {
    this.rejectQuietly(reason);
    this.release?.();
  }

  /** The handler may await it later, or no more. An unhandled rejection would end the process, and with it all agents. */
  private rejectQuietly(error: unknown): void {
    this.promise.catch(ignore);
    this.reject(error);
  }
}

/** Whether a promise that is resolved with a value may be rejected all the same: by what the value's `then` does. */
function mayFail(value: unknown): boolean {
  if (typeof value !== 'object' && typeof value !== 'function') return false;
  try {
    return (value as Partial<PromiseLike<unknown>> | null)?.then !== undefined;
  } catch {
    return true;
  }
}

/** A promise that is rejected already, of which nobody has to take notice. */
/** What somebody gets who waits by way of a run that is over: nothing, ever, where its process has ended. */
export function refused({ cancelled, isGone }: Pick<WaitingRun, 'cancelled' | 'isGone'>): Promise<never> {
  return isGone ? new Promise(() => undefined) : rejected(cancelled);
}

export function rejected(error: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- What was thrown is passed on as it came.
  const promise: Promise<never> = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

/** Takes no notice of what becomes of a promise. */
export function disregard(promise: PromiseLike<unknown>): void {
  promise.then(ignore, ignore);
}

function ignore(): void {
  // Nobody waits for it.
}
