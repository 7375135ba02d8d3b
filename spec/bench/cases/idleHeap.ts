import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  interval,
  map,
  merge,
  mergeMap,
  Subject,
  switchMap,
  type Subscription,
} from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { memoryInUse, turn } from '../harness/measure';

const AGENTS = 5000;
const HOUR = 3_600_000;

// What the agents listen to is there once for all of them.
const commands$ = new Subject<string>();
const readings$ = new Subject<number>();

const poll = async (): Promise<string> => 'polled';
const obey = async (command: string): Promise<string> => command;
const note = async (reading: number): Promise<number> => reading;

async function measure(startAll: (count: number) => unknown): Promise<Figures> {
  const few = await startAll(100);
  await turn();
  const before = memoryInUse();
  const many = await startAll(AGENTS);
  await turn();
  const bytes = (memoryInUse() - before) / AGENTS;
  // Both are needed until here, lest they are collected before they are counted.
  return few === many ? {} : { bytes };
}

async function kit(): Promise<Figures> {
  return measure(async (count) => {
    const host = createStrictHost();
    await startAgents(host, count, ({ lifecycle, time, handle }) => ({
      poll$: lifecycle.start$.pipe(time.every(HOUR), handle.switch(poll)),
      obey$: commands$.pipe(handle.concat(obey)),
      note$: readings$.pipe(handle.merge(note)),
    }));
    return host;
  });
}

interface Output {
  readonly agent: string;
  readonly stream: string;
  readonly value: unknown;
}

/** An agent without the kit, as lean as can be: its outputs are named, a failing handler ends nothing. */
function wireByHand(agent: string, outputs: Subject<Output>, errors: Subject<unknown>): Subscription {
  const guarded =
    <T, R>(handler: (value: T) => Promise<R>) =>
    (value: T) =>
      defer(() => handler(value)).pipe(
        catchError((error: unknown) => {
          errors.next(error);
          return EMPTY;
        }),
      );
  const named = (stream: string) => map((value: unknown): Output => ({ agent, stream, value }));
  return merge(
    interval(HOUR).pipe(switchMap(guarded(poll)), named('poll$')),
    commands$.pipe(concatMap(guarded(obey)), named('obey$')),
    readings$.pipe(mergeMap(guarded(note)), named('note$')),
  ).subscribe((output) => outputs.next(output));
}

async function rxjs(): Promise<Figures> {
  const outputs = new Subject<Output>();
  const errors = new Subject<unknown>();
  return measure((count) =>
    Array.from({ length: count }, (_, index) => wireByHand(`agent-${index}`, outputs, errors)),
  );
}

const name = 'idle agent with three handlers and a timer';
const rival = 'RxJS 7 by hand';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: { kit, [rival]: rxjs },
    rows: [
      {
        name: `${name}: heap`,
        figure: 'bytes',
        unit: 'KB',
        per: 1024,
        target: { kind: 'less-than', rival, floor: 1, aim: 2 },
      },
    ],
  },
];
