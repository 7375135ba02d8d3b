import type { AgentError } from '../../AgentError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aFunction, aName, aPort } from '../../options/checks';
import { notDurable } from '../../store/storeErrors';
import { aSpan } from '../../time/spans/duration';
import { type Log, withFields } from '../../trace/Log';
import type { OffloadWork } from '../waits/Offloader';
import { nameOf } from '../waits/nameOf';
import { placeOf } from './placeOf';
import type { RunJob } from '../durable/Job';
import { rejected } from '../waits/PromisedWait';
import type { CallOptions, Run, SleepOptions, StepOptions } from './Run';
import type { RunScope } from './RunScope';
import { type Expected, toExpected } from '../waits/waitOptions';
import type { Waits } from '../waits/Waits';

const CALL = optionTable<CallOptions>({ timeout: aSpan, step: aName }, { deadline: 'timeout' });
const SLEEP = optionTable<SleepOptions>({ step: aName });
const STEP = optionTable<StepOptions>({ schema: aPort(['safeParse'], 'a zod schema') });

/** The attempt that a handler works for. */
export interface GivenRun {
  readonly id: number;
  readonly attempt: number;
  readonly stream: string;
  readonly scope: RunScope;
  readonly signal: AbortSignal;
  readonly waiting: Waits;
  /** What it has of its job, if it is a durable one. */
  readonly job: RunJob | undefined;
}

/**
 * What a handler is given of its run. Nothing here costs anything until the handler asks for it, and each function
 * is made when it is asked for, so that it can be taken off the run.
 */
export class RunContext implements Run {
  readonly #run: GivenRun;

  constructor(run: GivenRun) {
    this.#run = run;
  }

  get attempt(): number {
    return this.#run.attempt;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  get log(): Log {
    const { id: run, scope, stream: within } = this.#run;
    const { agent, stream } = placeOf(scope.agent, within);
    return withFields(scope.log, { ...(agent !== undefined && { agent }), stream, run });
  }

  get now(): Run['now'] {
    const { scope } = this.#run;
    return () => scope.now();
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
    const { caller } = this.#run.scope;
    if (caller === undefined) return undefined as unknown as Run['call'];
    return (procedure, input, options) => {
      if (options === undefined) return this.waiting.call(caller, procedure, input);
      checkOptions('run.call', CALL, options);
      return this.once('run.call', options.step, () =>
        this.waiting.call(caller, procedure, input, options.timeout),
      );
    };
  }

  get key(): string {
    const { job } = this.#run;
    if (job === undefined) throw this.notDurable('run.key');
    return job.key;
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

  private get waiting(): Waits {
    return this.#run.waiting;
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
    const { job } = this.#run;
    return job === undefined ? rejected(this.notDurable(what)) : work(job);
  }

  private notDurable(what: string): AgentError {
    return notDurable(this.#run.scope.agent, this.#run.stream, what);
  }
}
