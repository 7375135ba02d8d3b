import type { Observable } from 'rxjs';
import type { SchemaOf } from '../../store/SchemaOf';
import type { Duration } from '../../time/spans/duration';
import type { Log } from '../../trace/Log';
import type { Callable } from '../waits/Callable';
import type { Offload } from '../waits/Offloader';
import type { RetryOptions } from '../policies/retry';
import type { WaitOptions } from '../waits/waitOptions';

export interface StepOptions<T = unknown> {
  /** The zod schema of the result, by which it is written and read: codecs in it make JSON of what is none. */
  readonly schema?: SchemaOf<T>;
}

export interface SleepOptions {
  /** The name of the step: the sleep goes on where it was when the run is repeated. For durable handlers only. */
  readonly step?: string;
}

export interface CallOptions {
  /** The name of the step: what was answered is kept, and given at once when the run is repeated. For durable handlers only. */
  readonly step?: string;
  /** How long to wait for the answer, from the end of the host's turn in which it is sent. Default `'5s'`. */
  readonly timeout?: Duration;
}

/**
 * What a handler works with: one invocation of it, and what it may wait for.
 *
 * When the run is aborted, every function here rejects with the same {@link Cancelled}: let it through, and
 * clean up in `finally`. So it does with what is still waited for when the handler has returned, and with what is
 * asked for after that. A wait that nobody awaits fails without a sound, never as an unhandled rejection.
 *
 * They can be taken apart: `async (trigger, { sleep, signal }) => …`.
 * The last argument of some is a name for reports, or options: `{ what, timeout }`. A wait that takes longer than its
 * `timeout` rejects with AgentError `wait-timeout`, and is over: nothing of it is left.
 */
export interface Run {
  /**
   * Is aborted with the run; give it to `fetch` and the like. It is made when it is first asked for, belongs to this
   * one run for ever, and is not aborted when that has ended by itself. Whoever asks for it first after the end gets
   * one that is aborted already.
   */
  readonly signal: AbortSignal;
  /** Which attempt this is; the first is 1. */
  readonly attempt: number;
  /** The agent's log, with agent, stream and run. */
  readonly log: Log;
  /** The instant by the host's clock, in ms; it never goes back. */
  readonly now: () => number;
  /**
   * The same in every attempt at a job, and no other job's: give it to whoever takes idempotency keys. Throws
   * AgentError `not-durable` in the run of a handler that is not durable.
   */
  readonly key: string;
  /**
   * Does a part of a durable run once: what it gives is kept before this resolves with it, and given at once when the
   * run is repeated, in this process or another. Each step of a run has a name of its own. If the process ends between
   * the doing and the keeping, it is done again: `run.key` lets the world notice. What fails is not kept.
   * Rejects with what the work rejects with, and with AgentError `not-durable`, `cannot-keep` if the result is no JSON,
   * `bad-option` for a name that was used before.
   */
  readonly step: <T>(name: string, work: () => PromiseLike<T>, options?: StepOptions<T>) => Promise<T>;
  /** Resolves after a span; ms or a {@link Duration}. Throws AgentError `bad-duration`. */
  readonly sleep: (span: Duration, options?: SleepOptions) => Promise<void>;
  /**
   * Iterates over a source without losing a value, and leaves no subscription behind when it is aborted or left.
   * The source is subscribed at the first step, and its error is thrown behind the values that came before it.
   * Values that come faster than they are taken are kept in memory. A `timeout` bounds the wait for each of them.
   */
  readonly each: <T>(source$: Observable<T>, options?: WaitOptions) => AsyncIterableIterator<T>;
  /** The next value of a source, or its error. Rejects with RxJS's `EmptyError` if it completes without one. */
  readonly next: <T>(source$: Observable<T>, options?: WaitOptions) => Promise<T>;
  /**
   * Waits for something that is not of the kit: a socket, a file. It gives up when the run is aborted or its
   * `timeout` has passed, whatever the promise does, and in a marble test time stands still meanwhile.
   */
  readonly external: <T>(promise: PromiseLike<T>, options?: WaitOptions) => Promise<T>;
  /**
   * Repeats a part of the run when it fails, by the options that a handler's `retry` has, and resolves with what it
   * gives. Rejects with what the last attempt has failed with, or what `when` throws. The part is given the number of
   * the attempt, from 1. Throws AgentError `bad-option` or `bad-duration`.
   */
  readonly retry: <T>(work: (attempt: number) => PromiseLike<T>, options: RetryOptions) => Promise<T>;
  /**
   * Runs blocking work where it blocks no agent, in the pool that the host was given, and ends it with the run.
   * The work is a function, which is sent as text and sees nothing but its arguments, or the URL of a module whose
   * default export it is (or a named one, behind a `#`). Arguments and result go by structured clone.
   * Rejects with what the work throws, and with AgentError `cannot-offload`. In a marble test time stands still meanwhile.
   */
  readonly offload: Offload;
  /**
   * Calls a procedure, and resolves with what it gives. When the run is aborted, so is the server's run.
   * Rejects with a `CallError`: code `unreachable` at once when nobody serves it, `call-timeout`, and `call-failed`
   * with the `remoteCode` of what the server has thrown; with AgentError `bad-message` if a payload does not fit its
   * schema, and `message-too-large` or `bus-disconnected` if it cannot be sent.
   */
  readonly call: <Input, Output>(
    procedure: Callable<Input, Output>,
    input: Input,
    options?: CallOptions,
  ) => Promise<Output>;
}
