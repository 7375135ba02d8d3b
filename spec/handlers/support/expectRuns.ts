import { filter, map, type Observable, type OperatorFunction } from 'rxjs';
import { defineAgent, type AgentContext, type Handle, type Run } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';

type Subscriptions = string | string[];

/** A handler operator under test, as rows of marbles. What is left out is expected not to happen. */
export interface RunsCase {
  readonly trigger: string;
  readonly operator: (handle: Handle, context: AgentContext<object>) => OperatorFunction<string, unknown>;
  readonly result: string;
  /** s started, e settled, x aborted, f failed. */
  readonly runs?: string;
  /** The values of the triggers that got no run. */
  readonly dropped?: string;
  /** h a failed handler, t a timeout, o an overflow, s a failed stream. */
  readonly errors?: string;
  readonly subscription?: Subscriptions;
  readonly values?: Record<string, unknown>;
}

const CODES: Readonly<Record<string, string>> = {
  'handler-failed': 'h',
  timeout: 't',
  overflow: 'o',
  'stream-failed': 's',
};

/** Runs an agent with the one stream `result$`, which is the triggers with the operator. */
export async function expectRuns(expected: RunsCase): Promise<void> {
  const { trigger, operator, result, runs = '', dropped = '', errors = '', subscription, values } = expected;
  await runMarbles(({ hot, start, host, expectObservable, expectHandlers, expectSubscriptions }) => {
    const trigger$ = hot(trigger);
    const agent = defineAgent({
      name: 'agent',
      streams: (context) => ({ result$: trigger$.pipe(operator(context.handle, context)) }),
    });
    expectObservable(host.errors$.pipe(map(({ code }) => CODES[code] ?? code))).toBe(errors);
    expectObservable(droppedIn(host.trace$)).toBe(dropped);
    const { streams } = start(agent);
    expectObservable(streams.result$).toBe(result, values);
    expectHandlers(agent, 'result$').toBe(runs);
    if (subscription !== undefined) expectSubscriptions(trigger$.subscriptions).toBe(subscription);
  });
}

function droppedIn(trace$: Observable<{ readonly type: string }>): Observable<unknown> {
  return trace$.pipe(
    filter((event) => event.type === 'trigger-dropped'),
    map((event) => (event as unknown as { readonly value: unknown }).value),
  );
}

/** A handler that takes so many ms and gives its trigger in upper case. */
export function takes(ms: number) {
  return async (trigger: string, { sleep }: Pick<Run, 'sleep'>): Promise<string> => {
    await sleep(ms);
    return trigger.toUpperCase();
  };
}

/** A handler that fails after so many ms. */
export function failsAfter(ms: number, error: unknown = new Error('no luck')) {
  return async (_trigger: string, { sleep }: Pick<Run, 'sleep'>): Promise<never> => {
    await sleep(ms);
    throw error;
  };
}
