import { defineAgent } from 'rx-agent-kit';
import {
  ExplorationError,
  explore,
  type ExploreBody,
  type ExploreOptions,
  type ExploreReport,
  runExploration,
} from 'rx-agent-kit/testing';

async function failureOf(body: ExploreBody, options?: ExploreOptions): Promise<ExplorationError> {
  const error = await runExploration(body, options).then(
    (report) => report,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ExplorationError);
  return error as ExplorationError;
}

/** Two deposits that read, wait and write. */
const account =
  (isRight: boolean): ExploreBody =>
  ({ start, eventually }) => {
    let balance = 0;
    const bank = defineAgent({
      name: 'bank',
      streams: ({ lifecycle, time, handle }) => {
        const deposit = (first: string) =>
          lifecycle.start$.pipe(
            time.after(first),
            handle.concat(async (_event, { external }) => {
              const before = balance;
              if (isRight) balance += 10;
              await external(Promise.resolve(), { what: 'the ledger' });
              if (!isRight) balance = before + 10;
            }),
          );
        return { one$: deposit('10ms'), other$: deposit('30ms') };
      },
    });
    start(bank);
    eventually(() => balance === 20, 'both deposits are there');
  };

describe('explore', () => {
  it('finds the lost update that a marble test does not show, and tells what led to it', async () => {
    const error = await failureOf(account(false), { latency: '0..50ms', seed: 1 });
    expect(error.message).toMatchInlineSnapshot(`
      "Run 12 of the search fails (seed 1); 2 deviations, made 1 in 28 more runs.

      It differs from the plain run in this:
        at 10ms  external of bank (the ledger) comes 20ms later

      eventually 'both deposits are there' does not hold in the end, at 30ms.

      time               10ms  30ms
      bank.one$ run 1    s~~~~~e-
      bank.other$ run 2  ------se
      runs: s started, e settled, x aborted, f failed, ~ in flight

      See it again: explore(body, { replay: 'k0m11d' }), with the other options as they are."
    `);
  });
  it('finds nothing in its right twin', explore(account(true), { latency: '0..50ms' }));
  it('reports', async () => {
    const report: ExploreReport = await runExploration(account(true), { latency: '0..50ms', runs: 2000 });
    console.log(report);
  });
});
