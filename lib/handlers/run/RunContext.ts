import type { Worker } from '../../time/present/Present';
import type { Rank } from '../../time/queue/rank';
import type { AgentError } from '../../AgentError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFunction, aName, aPort } from '../../options/checks';
import { notDurable } from '../../store/storeErrors';
import { aSpan } from '../../time/spans/duration';
import { type Log, withFields } from '../../trace/Log';
import { Cancelled, type CancelReason } from './Cancelled';
import type { OffloadWork } from '../waits/Offloader';
import { nameOf } from '../waits/nameOf';
import { placeOf } from './placeOf';
import type { RunJob } from '../durable/Job';
import { rejected } from '../waits/PromisedWait';
import type { CallOptions, Run, SleepOptions, StepOptions } from './Run';
import type { RunScope } from './RunScope';
import type { RunTrace } from './RunTrace';
import type { WaitingRun } from '../waits/WaitingRun';
import { type Expected, toExpected } from '../waits/waitOptions';
import { Waits } from '../waits/Waits';

const CALL = optionTable<CallOptions>({ timeout: aSpan, step: aName }, { deadline: 'timeout' });
const SLEEP = optionTable<SleepOptions>({ step: aName });
const STEP = optionTable<StepOptions>({ schema: aPort(['safeParse'], 'a zod schema') });

/** The operator that a run is of. */
export interface RunOperator {
  readonly scope: RunScope;
  readonly stream: string;
  readonly trace: RunTrace;
  /** Attempts are repeated, and have been for so long that something must be wrong. */
  goesOnFailing(cause: unknown): void;
}

/**
 * What a handler is given of its run. Nothing here costs anything until the handler asks for it, and each function
 * is made when it is asked for, so that it can be taken off the run.
 *
 * It is the attempt itself ({@link ActiveRun}), seen from within: a second object for each run would cost the bench
 * rows `cycle` and `handlers`.
 */
export class RunContext<Operator extends RunOperator> implements Run, WaitingRun, Worker {
  readonly id: number;
  readonly rank: Rank;
  protected waits: Waits | undefined;
  private controller: AbortController | undefined;
  /** Why the run is over; undefined while it is not. */
  protected ended: CancelReason | undefined;

  constructor(
    protected readonly runner: Operator,
    readonly attempt: number,
  ) {
    const { scope } = runner;
    this.id = scope.nextRun();
    this.rank = scope.present.rank;
  }

  get scope(): RunScope {
    return this.runner.scope;
  }

  get owner(): object {
    return this.runner.scope;
  }

  get stream(): string {
    return this.runner.stream;
  }

  get trace(): RunTrace {
    return this.runner.trace;
  }

  get isLive(): boolean {
    return this.ended === undefined;
  }

  get cancelled(): Cancelled {
    return Cancelled.because[this.ended ?? 'settled'];
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.ended !== undefined) this.controller.abort(this.cancelled);
    }
    return this.controller.signal;
  }

  get log(): Log {
    const { agent, stream } = placeOf(this.scope.agent, this.stream);
    return withFields(this.scope.log, { ...(agent !== undefined && { agent }), stream, run: this.id });
  }

  get now(): Run['now'] {
    return () => this.scope.now();
  }

  get sleep(): Run['sleep'] {
    return (span, options) => {
      checkOptions('run.sleep', SLEEP, options);
      const { step } = options ?? {};
      return step === undefined
        ? this.waiting.sleep(span)
        : this.durably('run.sleep with a step', (job) => this.waiting.sleepOn(span, { job, name: step }));
    };
  }

  get each(): Run['each'] {
    return (source$, options) =>
      this.waiting.each(
        source$,
        toExpected(options, () => nameOf(source$)),
      );
  }

  get next(): Run['next'] {
    return (source$, options) => {
      const expected = toExpected(options, () => nameOf(source$));
      return this.once('run.next', expected.step, (left) =>
        this.waiting.next(source$, left === undefined ? expected : left(expected)),
      );
    };
  }

  get external(): Run['external'] {
    return (promise, options) => {
      const expected = toExpected(options, () => 'a promise');
      return this.once('run.external', expected.step, () => this.waiting.external(promise, expected));
    };
  }

  get retry(): Run['retry'] {
    return (work, options) => this.waiting.retry(work, options);
  }

  get offload(): Run['offload'] {
    const offload = (work: OffloadWork, args: readonly unknown[] = []) => this.waiting.offload(work, args);
    return offload;
  }

  /** Where there is no bus there is no such thing; the type of the run says so there. */
  get call(): Run['call'] {
    const { caller } = this.scope;
    if (caller === undefined) return undefined as unknown as Run['call'];
    return (procedure, input, options) => {
      checkOptions('run.call', CALL, options);
      return this.once('run.call', options?.step, () =>
        this.waiting.call(caller, procedure, input, options?.timeout),
      );
    };
  }

  get key(): string {
    throw this.notDurable('run.key');
  }

  get step(): Run['step'] {
    return (name, work, options) => {
      aFunction(work, 'run.step', 'what is to be done');
      checkOptions('run.step', STEP, options);
      return this.durably('run.step', (job) =>
        this.waiting.step({ job, name, schema: options?.schema }, work),
      );
    };
  }

  /** What a durable run has of its job. */
  protected get job(): RunJob | undefined {
    return undefined;
  }

  /** Waits for something, and keeps what comes where it is a step. */
  private once<V>(
    what: string,
    step: string | undefined,
    wait: (left?: (expected: Expected) => Expected) => Promise<V>,
  ): Promise<V> {
    if (step === undefined) return wait();
    return this.durably(`${what} with a step`, (job) =>
      this.waiting.step({ job, name: step }, () =>
        wait((expected) => ({ ...expected, timeout: job.leftOf(step, expected.timeout) })),
      ),
    );
  }

  private durably<V>(what: string, work: (job: RunJob) => Promise<V>): Promise<V> {
    const { job } = this;
    return job === undefined ? rejected(this.notDurable(what)) : work(job);
  }

  private notDurable(what: string): AgentError {
    return notDurable(this.scope.agent, this.runner.stream, what);
  }

  goesOnFailing(cause: unknown): void {
    this.runner.goesOnFailing(cause);
  }

  protected get waiting(): Waits {
    return (this.waits ??= new Waits(this));
  }

  /** A run that has ended by itself aborts nothing: to abort is what is dear about a signal. */
  protected endSignal(): void {
    if (this.ended !== 'settled') this.controller?.abort(this.cancelled);
  }
}
