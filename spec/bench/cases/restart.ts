import { map, merge, type Observable, Subject, switchMap, timer } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { cpuOf, expectCount, turn } from '../harness/measure';

const AGENTS = 10_000;
const WAIT = 60_000;
const ROUNDS = 200;

async function drive(
  events: Subject<number>[],
  outputs$: Observable<unknown>,
  scale: number,
): Promise<Figures> {
  let fired = 0;
  outputs$.subscribe(() => fired++);
  const run = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      for (const event$ of events) event$.next(round);
      await turn();
    }
  };
  const rounds = ROUNDS * scale;
  await run(10);
  const cpu = await cpuOf(() => run(rounds));
  expectCount(fired, 0);
  return { cpu: cpu / (rounds * AGENTS) };
}

function subjects(): Subject<number>[] {
  return Array.from({ length: AGENTS }, () => new Subject<number>());
}

async function kit(scale: number): Promise<Figures> {
  const events = subjects();
  const host = createStrictHost();
  await startAgents(host, AGENTS, ({ time }, index) => ({ late$: events[index]!.pipe(time.after(WAIT)) }));
  return drive(events, host.outputs$, scale);
}

function rxjs(scale: number): Promise<Figures> {
  const events = subjects();
  const waits = events.map((event$) => event$.pipe(switchMap((value) => timer(WAIT).pipe(map(() => value)))));
  return drive(events, merge(...waits), scale);
}

const name = 'restart a switched wait, 10,000 agents';
const rival = 'switchMap(timer)';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: { kit, [rival]: rxjs },
    rows: [
      {
        name: `${name}: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival, floor: 8, aim: 40 },
      },
    ],
  },
];
