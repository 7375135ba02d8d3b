import { defineAgent } from 'rx-agent-kit';
import { ExplorationError, explore, runExploration, type ExploreBody } from 'rx-agent-kit/testing';

const seed = 3;

/** A durable handler that its start triggers: two commits, or three. */
const body =
  (seen: (attempts: readonly number[]) => void): ExploreBody =>
  async ({ start, clock, always }) => {
    const attempts: number[] = [];
    always(() => attempts.length < 10, 'there are few attempts');
    start(
      defineAgent({
        name: 'a',
        streams: ({ lifecycle, handle }) => ({
          x$: lifecycle.start$.pipe(
            handle.concat(
              async ({ type }, { attempt, sleep }) => {
                attempts.push(attempt);
                await sleep('1s');
                return type;
              },
              { durable: 'x' },
            ),
          ),
        }),
      }),
    );
    await clock.sleep('1h');
    seen(attempts);
  };

describe('crashes as choices of a search', () => {
  it('are none in the plain run, and none where none are asked for', async () => {
    const all: (readonly number[])[] = [];
    await explore(
      body((attempts) => all.push(attempts)),
      { runs: 20, seed },
    )();
    expect(new Set(all.map(String))).toEqual(new Set(['1']));
  });

  it('come before and after each commit, no more often than is said', async () => {
    const all = new Set<string>();
    const { runs } = await runExploration(
      body((attempts) => all.add(String(attempts))),
      { runs: 300, seed, crashes: { most: 2, down: '0..5s' } },
    );
    expect(runs).toBe(300);
    // Before the job is kept there is none; after that its attempts count on.
    expect([...all].sort()).toEqual(expect.arrayContaining(['1', '1,2', '1,2,3']));
    expect([...all].every((attempts) => attempts.split(',').length <= 3)).toBe(true);
  });

  it('are told by commit, with how long nothing runs, and run again by their tape', async () => {
    const wrong: ExploreBody = async (helpers) => {
      let most = 0;
      helpers.always(() => most < 2, 'there is one attempt');
      await body((attempts) => (most = attempts.length))(helpers);
      await helpers.clock.sleep(1);
    };
    const options = { crashes: { down: '0..5s' } } as const;
    const found = await runExploration(wrong, { ...options, runs: 300, seed }).catch(
      (error: unknown) => error,
    );
    expect(found).toBeInstanceOf(ExplorationError);
    const { message, report } = found as ExplorationError;
    expect(message).toMatch(/the process ends right (before|after) commit \d/);
    const again = await runExploration(wrong, { ...options, replay: report.replay! }).catch(
      (error: unknown) => error,
    );
    expect((again as ExplorationError).message).toContain(/the process ends.*/.exec(message)![0]);
  });

  it('let the store be slow and refuse, which changes nothing but the time', async () => {
    const all = new Set<string>();
    await runExploration(
      body((attempts) => all.add(String(attempts))),
      { runs: 100, seed, latency: { commits: '0..2s' }, faults: { most: 3, commits: true } },
    );
    expect([...all]).toEqual(['1']);
  });
});
