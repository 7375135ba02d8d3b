import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineAgent } from 'rx-agent-kit';
import { type ExploreBody, runExploration } from 'rx-agent-kit/testing';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const MB = 2 ** 20;

const body: ExploreBody = ({ start, always }) => {
  let count = 0;
  start(
    defineAgent({
      name: 'agent',
      streams: ({ lifecycle, time, handle }) => ({
        one$: lifecycle.start$.pipe(
          time.after(5),
          handle.concat(async (_event, { external }) => external(Promise.resolve(count++))),
        ),
        other$: lifecycle.start$.pipe(time.after(5)),
      }),
    }),
  );
  always(() => count <= 1, 'it comes once');
};

async function heapAfter(runs: number): Promise<number> {
  const report = await runExploration(body, { latency: '0..1s', runs, seed: 1 });
  expect(report.runs).toBe(runs);
  gc();
  return process.memoryUsage().heapUsed;
}

describe('A search', () => {
  it('keeps no more after many runs than after some', async () => {
    await heapAfter(1500);
    const before = await heapAfter(500);
    const after = await heapAfter(5000);
    // What one run is made of is forty kilobytes; of all of them there is a count, and what the compiler has learnt.
    expect(after - before).toBeLessThan(1.6 * MB);
  });
});
