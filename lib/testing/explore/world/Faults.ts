import { Observable } from 'rxjs';
import type { Choice, Choices } from '../../../time/choices/Choices';
import type { Deviations } from '../../../time/choices/Deviations';
import { isThenable } from '../../session/isThenable';
import { Chances } from './Chances';
import { Fault } from './Fault';
import type { Lateness } from './Lateness';
import { type FaultPlan, isNamed, type LatencyPlan } from './plans';

type AnyHandler = (...args: never[]) => unknown;

/** A fault is chosen, or not. */
class FaultChoice implements Choice {
  readonly kind = 'fault';

  constructor(private readonly texts: readonly string[]) {}

  tell(answer: number): string {
    return this.texts[answer - 1] ?? '';
  }
}

/** What fails in a run, and what comes late in it. */
export class Faults implements Deviations {
  private readonly chances: Chances;

  constructor(
    private readonly choices: Choices,
    private readonly plan: FaultPlan,
    private readonly latency: LatencyPlan,
    private readonly late: Lateness,
  ) {
    this.chances = new Chances(plan.most);
  }

  lateness(of: 'external' | 'offload', agent: string, what: string): number {
    return this.late.of(this.latency[of], `${of} of ${agent} (${what})`);
  }

  /** Whether the store refuses something that it is to keep. */
  refuses(commit: string): boolean {
    return this.plan.commits && this.fails([`the store refuses ${commit}, which is tried again`]) > 0;
  }

  /** A point of the author's. */
  readonly fault = (what: string): void => {
    if (this.fails([`fault('${what}') happens`]) > 0) throw new Fault(what);
  };

  isUnreachable(procedure: string): boolean {
    return isNamed(this.plan.calls, procedure) && this.fails([`the call of ${procedure} is unreachable`]) > 0;
  }

  handler<F extends AnyHandler>(handler: F, agent: string, stream: string): F {
    const name = `${agent}.${stream}`;
    if (!isNamed(this.plan.handlers, name)) return handler;
    const texts = [
      `a run of ${name} fails before it has begun`,
      `a run of ${name} fails behind all that it has done`,
    ];
    const failing = (...args: Parameters<F>): unknown => {
      const answer = this.fails(texts);
      if (answer === 0) return handler(...args);
      const fault = new Fault(texts[answer - 1]);
      if (answer === 1) throw fault;
      return failingAtLast(handler(...args), fault);
    };
    return failing as F;
  }

  stream<T>(source$: Observable<T>, agent: string, stream: string): Observable<T> {
    const name = `${agent}.${stream}`;
    if (!isNamed(this.plan.streams, name)) return source$;
    const text = `the stream ${name} fails in the place of a value`;
    return new Observable((subscriber) =>
      source$.subscribe({
        next: (value) => {
          if (this.fails([text]) > 0) subscriber.error(new Fault(text));
          else subscriber.next(value);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
  }

  private fails(texts: readonly string[]): number {
    if (!this.chances.areLeft) return 0;
    const answer = this.choices.choose(texts.length + 1, new FaultChoice(texts));
    if (answer > 0) this.chances.spend();
    return answer;
  }
}

/** Lets what a handler has returned come to its end, and fail then. */
function failingAtLast(result: unknown, fault: Fault): unknown {
  if (isThenable(result))
    return result.then(() => {
      throw fault;
    });
  if (isAsyncIterable(result)) return failingBehind(result, fault);
  if (result instanceof Observable)
    return new Observable((subscriber) =>
      result.subscribe({
        next: (value) => {
          subscriber.next(value);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.error(fault);
        },
      }),
    );
  throw fault;
}

async function* failingBehind(items: AsyncIterable<unknown>, fault: Fault): AsyncGenerator {
  yield* items;
  throw fault;
}

function isAsyncIterable(result: unknown): result is AsyncIterable<unknown> {
  return (
    typeof (result as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] === 'function'
  );
}
