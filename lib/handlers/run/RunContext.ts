import type { Worker } from '../../time/present/Present';
import type { Rank } from '../../time/queue/rank';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aSpan } from '../../time/spans/duration';
import { type Log, withFields } from '../../trace/Log';
import { Cancelled, type CancelReason } from './Cancelled';
import type { OffloadWork } from '../waits/Offloader';
import { nameOf } from '../waits/nameOf';
import { placeOf } from './placeOf';
import type { CallOptions, Run } from './Run';
import type { RunScope } from './RunScope';
import type { RunTrace } from './RunTrace';
import type { WaitingRun } from '../waits/WaitingRun';
import { toExpected } from '../waits/waitOptions';
import { Waits } from '../waits/Waits';

const CALL = optionTable<CallOptions>({ timeout: aSpan }, { deadline: 'timeout' });

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
    return (span) => this.waiting.sleep(span);
  }

  get each(): Run['each'] {
    return (source$, options) =>
      this.waiting.each(
        source$,
        toExpected(options, () => nameOf(source$)),
      );
  }

  get next(): Run['next'] {
    return (source$, options) =>
      this.waiting.next(
        source$,
        toExpected(options, () => nameOf(source$)),
      );
  }

  get external(): Run['external'] {
    return (promise, options) =>
      this.waiting.external(
        promise,
        toExpected(options, () => 'a promise'),
      );
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
      return this.waiting.call(caller, procedure, input, options?.timeout);
    };
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
