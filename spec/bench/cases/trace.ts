import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import type { Host } from 'rx-agent-kit';
import { traceToFile } from 'rx-agent-kit/node';
import type { BenchCase, Figures } from '../harness/BenchCase';
import { createStrictHost, startAgents } from '../harness/agents';
import { cpuOf, expectCount, turn } from '../harness/measure';

// A round is one event for each agent and a turn in which its handler ends: three events of the trace, if it is read.
const AGENTS = 100;
const ROUNDS = 2000;
const WARM_UP = 100;

async function drive(
  scale: number,
  withHost: (host: Host) => Promise<() => Promise<unknown>>,
): Promise<Figures> {
  const events = Array.from({ length: AGENTS }, () => new Subject<number>());
  const host = createStrictHost();
  await startAgents(host, AGENTS, ({ handle }, index) => ({
    done$: events[index]!.pipe(handle.switch(async (value) => value)),
  }));
  let count = 0;
  host.outputs$.subscribe(() => count++);
  const end = await withHost(host);
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
  await end();
  return { cpu: cpu / (rounds * AGENTS) };
}

const nobody = () => Promise.resolve(() => Promise.resolve());

async function toFile(host: Host): Promise<() => Promise<unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-trace-'));
  const trace = await traceToFile(host, join(folder, 'trace.ndjson'));
  return async () => {
    const { dropped } = await trace.close();
    rmSync(folder, { recursive: true });
    expectCount(dropped, 0);
  };
}

/** A trace that was read, and is no more: nothing of that may be left. */
async function readBefore(host: Host): Promise<() => Promise<unknown>> {
  host.trace$.subscribe().unsubscribe();
  return () => Promise.resolve();
}

const name = 'event → async handler, trace';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: {
      kit: (scale) => drive(scale, readBefore),
      'never read': (scale) => drive(scale, nobody),
    },
    rows: [
      {
        name: `${name} that nobody reads any more: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'less-than', rival: 'never read', floor: 0.9, aim: 1 },
      },
    ],
  },
  {
    name: `${name} to a file`,
    sides: { kit: (scale) => drive(scale, toFile), 'never read': (scale) => drive(scale, nobody) },
    rows: [
      {
        name: `${name} written to a file: CPU each`,
        figure: 'cpu',
        unit: 'ns',
        per: 1,
        target: { kind: 'none', rival: 'never read' },
      },
    ],
  },
];
