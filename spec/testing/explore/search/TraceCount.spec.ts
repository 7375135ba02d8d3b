import { seededRandom } from 'rx-agent-kit';
import { TraceCount } from '../../../../lib/testing/explore/search/TraceCount';

describe('TraceCount', () => {
  it('counts what differs, one by one up to some thousands', () => {
    const count = new TraceCount();
    for (let round = 0; round < 3; round++) for (let hash = 0; hash < 5000; hash++) count.add(hash * 7919);
    expect(count.count).toBe(5000);
  });

  it('estimates beyond that, and keeps no more', () => {
    const random = seededRandom(1);
    const hashes = Array.from({ length: 200_000 }, () => Math.floor(random() * 2 ** 50));
    const count = new TraceCount();
    for (const hash of [...hashes, ...hashes]) count.add(hash);
    expect(count.count).toBeGreaterThan(180_000);
    expect(count.count).toBeLessThan(220_000);
  });
});
