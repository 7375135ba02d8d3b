import fc from 'fast-check';
import { defineAgent } from 'rx-agent-kit';
import { type ExploreBody, type ExploreOptions, runExploration } from 'rx-agent-kit/testing';
import type { BenchCase, Figures, Side } from '../harness/BenchCase';
import { cpuOf, expectCount } from '../harness/measure';

const RUNS = 20_000;
const WARM_UP = 2000;
const BUGS = 200;

/** Four streams, each of which works on one account and asks for leave three times: some thirty choices. */
const small: ExploreBody = ({ start, eventually }) => {
  let balance = 0;
  const bank = defineAgent({
    name: 'bank',
    streams: ({ lifecycle, time, handle }) => {
      const deposit = (first: number) =>
        lifecycle.start$.pipe(
          time.after(first),
          handle.concat(async (_event, { external, sleep }) => {
            balance += 10;
            await external(Promise.resolve());
            await sleep(10);
            await external(Promise.resolve());
            await sleep(10);
            await external(Promise.resolve());
          }),
        );
      return { one$: deposit(10), two$: deposit(10), three$: deposit(20), four$: deposit(20) };
    },
  });
  start(bank);
  eventually(() => balance === 40, 'all deposits are there');
};

const runs: Side = async (scale): Promise<Figures> => {
  const count = Math.ceil(RUNS * scale);
  const options: ExploreOptions = { latency: '0..50ms', seed: 1 };
  await runExploration(small, { ...options, runs: WARM_UP });
  let choices = 0;
  const cpu = await cpuOf(async () => {
    const report = await runExploration(small, { ...options, runs: count });
    expectCount(report.runs, count);
    ({ choices } = report);
  });
  expectCount(Number(choices >= 30), 1);
  return { rate: (count / cpu) * 1e9 };
};

/** Two deposits that read, wait and write: one of them may be lost. */
const deposits: ExploreBody = ({ start, eventually }) => {
  let balance = 0;
  const bank = defineAgent({
    name: 'bank',
    streams: ({ lifecycle, time, handle }) => {
      const deposit = (first: number) =>
        lifecycle.start$.pipe(
          time.after(first),
          handle.concat(async (_event, { external }) => {
            const before = await external(Promise.resolve(balance));
            await external(Promise.resolve());
            balance = before + 10;
          }),
        );
      return { one$: deposit(10), other$: deposit(30) };
    },
  });
  start(bank);
  eventually(() => balance === 20, 'both deposits are there');
};

/** The same with bare promises, of which the second one begins when the first has read. */
async function bareDeposits(scheduler: fc.Scheduler): Promise<void> {
  let balance = 0;
  const ask = <T>(value: T): Promise<T> => scheduler.schedule(Promise.resolve(value));
  const deposit = async (): Promise<void> => {
    const before = await ask(balance);
    await ask(undefined);
    balance = before + 10;
  };
  const one = ask(undefined).then(deposit);
  const other = ask(undefined)
    .then(() => ask(undefined))
    .then(() => ask(undefined))
    .then(deposit);
  await scheduler.waitIdle();
  await Promise.all([one, other]);
  if (balance !== 20) throw new Error('one is lost');
}

/** Finds the bug over and over, each time from another seed, and makes its run short. */
const finding =
  (find: (seed: number) => Promise<number>): Side =>
  async (scale) => {
    const bugs = Math.ceil(BUGS * scale);
    for (let seed = 0; seed < bugs / 4; seed++) await find(-seed);
    let taken = 0;
    const cpu = await cpuOf(async () => {
      for (let seed = 1; seed <= bugs; seed++) taken += await find(seed);
    });
    return { cpu: cpu / bugs, found: (1000 * bugs) / taken };
  };

const found = finding(async (seed) => {
  let count = 0;
  const search = runExploration(deposits, {
    latency: '0..50ms',
    seed,
    runs: 2000,
    onReport: ({ runs: until }) => (count = until),
  });
  const error: unknown = await search.catch((thrown: unknown) => thrown);
  expectCount(Number(error instanceof Error), 1);
  return count;
});

const foundBare = finding(async (seed) => {
  const { failed, numRuns } = await fc.check(fc.asyncProperty(fc.scheduler(), bareDeposits), {
    seed,
    numRuns: 2000,
  });
  expectCount(Number(failed), 1);
  return numRuns;
});

const speed = 'exploring a small agent with 30 choices';
const lost = 'exploring for a lost update';

export const cases: readonly BenchCase[] = [
  {
    name: speed,
    sides: { kit: runs },
    rows: [
      {
        name: `${speed}: runs a second of CPU`,
        figure: 'rate',
        unit: '/s',
        per: 1,
        target: { kind: 'at-least', floor: 1500, aim: 5000 },
      },
    ],
  },
  {
    name: lost,
    sides: { kit: found, 'fc.scheduler()': foundBare },
    rows: [
      {
        name: `${lost}: bugs found in 1,000 runs`,
        figure: 'found',
        unit: '',
        per: 1,
        target: { kind: 'none', rival: 'fc.scheduler()' },
      },
      {
        name: `${lost}: CPU until it is found and made short`,
        figure: 'cpu',
        unit: 'ms',
        per: 1e6,
        target: { kind: 'none', rival: 'fc.scheduler()' },
      },
    ],
  },
];
