import { interval, type Subscription, switchMap } from 'rxjs';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { elapse, expectCount } from '../harness/measure';

const AGENTS = 100_000;
const MINUTE = 60_000;

const handler = async (): Promise<string> => 'done';

async function wallOf(work: () => unknown): Promise<Figures> {
  await elapse(100);
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return { wall: performance.now() - start };
}

async function kit(): Promise<Figures> {
  const host = createStrictHost();
  await startAgents(host, AGENTS, ({ lifecycle, time, handle }) => ({
    done$: lifecycle.start$.pipe(time.every(MINUTE), handle.switch(handler)),
  }));
  expectCount(host.ledger().length, AGENTS);
  return wallOf(() => host.stop());
}

async function rxjs(): Promise<Figures> {
  const agents: Subscription[] = [];
  for (let index = 0; index < AGENTS; index++)
    agents.push(interval(MINUTE).pipe(switchMap(handler)).subscribe());
  return wallOf(() => {
    for (const agent of agents) agent.unsubscribe();
  });
}

export const cases: readonly BenchCase[] = [
  {
    name: 'stop 100,000 agents',
    sides: { kit, unsubscribe: rxjs },
    rows: [
      {
        name: 'stop 100,000 agents: wall time',
        figure: 'wall',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', rival: 'unsubscribe', floor: 500, aim: 100 },
      },
    ],
  },
];
