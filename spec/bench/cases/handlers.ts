import {
  concatMap,
  exhaustMap,
  merge,
  mergeMap,
  Observable,
  type OperatorFunction,
  Subject,
  switchMap,
} from 'rxjs';
import { handle, type Handle, type Handler } from 'rx-agent-kit';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { cpuOf, expectCount, turn } from '../harness/measure';

// A round is one event for each agent and then a turn, in which all of their handlers come to their end.
const AGENTS = 1000;
const ROUNDS = 1000;
const WARM_UP = 50;

type Policy = keyof Handle;

/** RxJS's own operator for each policy. */
const OPERATORS: Readonly<
  Record<Policy, <T, R>(project: (value: T) => Promise<R> | Observable<R>) => OperatorFunction<T, R>>
> = {
  switch: (project) => switchMap(project),
  concat: (project) => concatMap(project),
  merge: (project) => mergeMap((value) => project(value)),
  exhaust: (project) => exhaustMap(project),
};

const plain = async (value: number): Promise<number> => value;

const withSignal: Handler<number, number> = async (value, { signal }) => {
  signal.throwIfAborted();
  return value;
};

async function drive(
  events: Subject<number>[],
  outputs$: Observable<unknown>,
  scale: number,
): Promise<Figures> {
  let count = 0;
  outputs$.subscribe(() => count++);
  const run = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      for (const event$ of events) event$.next(round);
      await turn();
    }
  };
  const rounds = ROUNDS * scale;
  await run(WARM_UP);
  const cpu = await cpuOf(() => run(rounds));
  expectCount(count, (WARM_UP + rounds) * AGENTS);
  return { cpu: cpu / (rounds * AGENTS) };
}

function subjects(): Subject<number>[] {
  return Array.from({ length: AGENTS }, () => new Subject<number>());
}

async function kit(policy: Policy, handler: Handler<number, number>, scale: number): Promise<Figures> {
  const events = subjects();
  const host = createStrictHost();
  await startAgents(host, AGENTS, ({ handle }, index) => ({
    done$: events[index]!.pipe(handle[policy](handler)),
  }));
  return drive(events, host.outputs$, scale);
}

function rxjs(
  policy: Policy,
  project: (value: number) => Promise<number> | Observable<number>,
  scale: number,
): Promise<Figures> {
  const events = subjects();
  const operator = OPERATORS[policy];
  return drive(events, merge(...events.map((event$) => event$.pipe(operator(project)))), scale);
}

/** What RxJS's users write so that an unsubscription reaches the work. */
function abortOnTeardown(value: number): Observable<number> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    Promise.resolve(withSignal(value, { signal: controller.signal } as never)).then(
      (result) => {
        subscriber.next(result as number);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort();
  });
}

function policyCase(policy: Policy): BenchCase {
  const rival = `${policy}Map`;
  const name = `event → async handler, ${policy}`;
  return {
    name,
    sides: {
      kit: (scale) => kit(policy, plain, scale),
      [rival]: (scale) => rxjs(policy, plain, scale),
    },
    rows: [
      {
        name: `${name}: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 1, aim: 2 },
      },
    ],
  };
}

/** The operator that is in no agent: the same events, without a host. */
function standaloneCase(): BenchCase {
  const name = 'event → async handler, switch, in no agent';
  const rival = 'switchMap';
  return {
    name,
    sides: {
      kit: (scale) => {
        const events = subjects();
        return drive(events, merge(...events.map((event$) => event$.pipe(handle.switch(plain)))), scale);
      },
      [rival]: (scale) => rxjs('switch', plain, scale),
    },
    rows: [
      {
        name: `${name}: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 1, aim: 2 },
      },
    ],
  };
}

function signalCase(): BenchCase {
  const name = 'event → async handler, switch, signal used, not superseded';
  const rival = 'abort on teardown';
  return {
    name,
    sides: {
      kit: (scale) => kit('switch', withSignal, scale),
      // The rival takes so long for each that a fifth tells as much.
      [rival]: (scale) => rxjs('switch', abortOnTeardown, scale / 5),
    },
    rows: [
      {
        name: `${name}: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 3, aim: 6 },
      },
    ],
  };
}

export const cases: readonly BenchCase[] = [
  ...(['switch', 'concat', 'merge', 'exhaust'] as const).map(policyCase),
  standaloneCase(),
  signalCase(),
];
