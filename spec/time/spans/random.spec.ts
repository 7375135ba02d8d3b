import fc from 'fast-check';
import { liveRandom, seededRandom } from '../../../lib/time/spans/random';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed', () => {
    const [one, other] = [seededRandom(42), seededRandom(42)];
    const numbers = Array.from({ length: 100 }, one);
    expect(Array.from({ length: 100 }, other)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(100);
  });

  it('gives the numbers of mulberry32', () => {
    // By the reference implementation in C.
    expect(Array.from({ length: 3 }, seededRandom(0)).map((n) => n * 2 ** 32)).toEqual([
      1_144_304_738, 1_416_247, 958_946_056,
    ]);
  });

  it('gives other numbers for other seeds', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed)());
    expect(new Set(firsts).size).toBe(1000);
  });

  it('stays from 0 up to but not including 1, whatever the seed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (seed) => {
        const random = seededRandom(seed);
        for (let n = 0; n < 20; n++) {
          const number = random();
          expect(number >= 0 && number < 1).toBe(true);
        }
      }),
    );
  });

  it('spreads evenly', () => {
    const random = seededRandom(7);
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 100_000; n++) counts[Math.floor(random() * 10)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('liveRandom', () => {
  it("is the host's own, also when that is replaced", () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.25);
    expect(liveRandom()).toBe(0.25);
    random.mockRestore();
    const number = liveRandom();
    expect(number >= 0 && number < 1).toBe(true);
  });
});
