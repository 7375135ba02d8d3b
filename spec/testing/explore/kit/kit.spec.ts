import { explore } from 'rx-agent-kit/testing';
import { cases } from './cases';

/** How many runs each; `npm run explore` makes a million of all. */
const RUNS = 150;

describe('The kit, searched', () => {
  it.each(cases)('$name', async ({ body, options }) => {
    await explore(body, { runs: RUNS, seed: 1, ...options })();
  });
});
