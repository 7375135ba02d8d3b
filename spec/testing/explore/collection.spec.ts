import { explore, ExplorationError, type ExploreReport, runExploration } from 'rx-agent-kit/testing';
import { bugs } from './bugs';

/** The whole bar takes its time: `EXPLORE=full npx jest spec/testing/explore/collection`. */
const isWhole = process.env['EXPLORE'] === 'full';
const RUNS_UNTIL_FOUND = 2000;
const RUNS_OF_TWIN = isWhole ? 20_000 : 50;
/** The tape that differs in nothing from the plain run. */
const PLAIN = 'k07';
const seed = 2;

if (isWhole) jest.setTimeout(7_200_000);

/** The failure of a search that is to find something. */
async function failureOf(search: Promise<ExploreReport>): Promise<ExplorationError> {
  const outcome = await search.catch((error: unknown) => error);
  if (outcome instanceof ExplorationError) return outcome;
  if (outcome instanceof Error) throw outcome;
  throw new Error(`Nothing was found in ${(outcome as ExploreReport).runs} runs.`);
}

/** What a story says to be otherwise than in the plain run, line by line. */
function deviationsIn(story: string): string[] {
  return (
    /^It differs from the plain run in this:\n((?: {2}at .*\n)+)/m.exec(story)?.[1]?.trimEnd().split('\n') ??
    []
  );
}

describe('the collection of seeded bugs', () => {
  it('has 36 of them', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(36);
  });

  describe.each(bugs)('$name', ({ wrong, right, breaks, options }) => {
    it('is not seen in the plain run', explore(wrong, { ...options, replay: PLAIN }));

    it('is found by search, and told as a short story that its tape tells again', async () => {
      const found = await failureOf(runExploration(wrong, { ...options, runs: RUNS_UNTIL_FOUND, seed }));
      const deviations = deviationsIn(found.message);
      expect(deviations.length).toBeGreaterThan(0);
      expect(deviations.length).toBeLessThanOrEqual(3);
      expect(found.message).toContain(breaks);

      const again = await failureOf(runExploration(wrong, { ...options, replay: found.report.replay ?? '' }));
      expect(deviationsIn(again.message)).toEqual(deviations);
      expect(again.message).toContain(breaks);
    });

    it('is among the simplest runs that there are', async () => {
      const found = await failureOf(runExploration(wrong, { ...options, exhaustive: RUNS_UNTIL_FOUND }));
      expect(found.message).toContain(breaks);
    });

    it('is not in its twin', explore(right, { ...options, runs: RUNS_OF_TWIN, seed }));

    it(
      'is in none of the simplest runs of its twin',
      explore(right, { ...options, exhaustive: isWhole ? 2000 : 50 }),
    );
  });
});
