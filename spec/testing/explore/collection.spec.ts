import { explore, ExplorationError, type ExploreReport, runExploration } from 'rx-agent-kit/testing';
import { bugs } from './bugs';

/** The whole bar takes its time: `EXPLORE=full npx jest spec/testing/explore/collection`. */
const isWhole = process.env['EXPLORE'] === 'full';
const RUNS_OF_TWIN = isWhole ? 20_000 : 50;
const seed = 2;

if (isWhole) jest.setTimeout(1_800_000);

/** The failure of a search that is to find something. */
async function failureOf(search: Promise<ExploreReport>): Promise<ExplorationError> {
  const error: unknown = await search
    .then(({ runs }) => `nothing found in ${runs} runs`)
    .catch((thrown: unknown) => thrown);
  if (error instanceof ExplorationError) return error;
  throw error instanceof Error ? error : new Error(String(error));
}

describe('the collection of seeded bugs', () => {
  it('has 24 of them', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(24);
  });

  describe.each(bugs)('$name', ({ wrong, right, breaks, options }) => {
    it('is not seen in the plain run', explore(wrong, { ...options, runs: 1 }));

    it('is found by search, told by what it breaks, and shown again by its tape', async () => {
      const found = await failureOf(runExploration(wrong, { ...options, runs: 2000, seed }));
      expect(found.message).toContain(breaks);
      const again = await failureOf(runExploration(wrong, { ...options, replay: found.report.replay ?? '' }));
      expect(again.message).toContain(breaks);
    });

    it('is not in its twin', explore(right, { ...options, runs: RUNS_OF_TWIN, seed }));
  });
});
