import assert from 'node:assert/strict';
import { map } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { runMarbles } from 'rx-agent-kit/testing';
import type { BenchCase, Figures, Side } from '../harness/BenchCase';
import { cpuOf, expectCount } from '../harness/measure';

const TESTS = 2000;
/** In a suite all tests but the first ones are warm. */
const WARM_UP = 2000;

let bodies = 0;

/** A test as a spec has hundreds of; both sides take the same. */
function body({ cold, expectObservable }: Pick<RunHelpers, 'cold' | 'expectObservable'>): void {
  const source$ = cold('-a-b-(c|)', { a: 1, b: 2, c: 3 });
  const doubled$ = source$.pipe(map((value) => 2 * value));
  expectObservable(doubled$).toBe('-x-y-(z|)', { x: 2, y: 4, z: 6 });
  bodies++;
}

const inARow =
  (test: () => unknown): Side =>
  async (scale): Promise<Figures> => {
    const tests = Math.ceil(TESTS * scale);
    for (let index = 0; index < WARM_UP; index++) await test();
    bodies = 0;
    const cpu = await cpuOf(async () => {
      for (let index = 0; index < tests; index++) await test();
    });
    expectCount(bodies, tests);
    return { cpu: cpu / tests };
  };

const name = 'marble tests of three lines, 2,000 in a row, warm';

export const cases: readonly BenchCase[] = [
  {
    name,
    sides: {
      kit: inARow(() => runMarbles(body)),
      'TestScheduler.run': inARow(() =>
        new TestScheduler((actual, expected) => assert.deepEqual(actual, expected)).run(body),
      ),
    },
    rows: [
      {
        name: `${name}: CPU a test`,
        figure: 'cpu',
        unit: 'µs',
        per: 1000,
        // At most twice the rival's CPU, and 1.3 times is the aim: a test of its own has globals, a host and a stop.
        target: { kind: 'less-than', rival: 'TestScheduler.run', floor: 0.5, aim: 0.77 },
      },
    ],
  },
];
