import * as fc from 'fast-check';
import { CUT, TimeScale } from '../../../lib/cli/lanes/TimeScale';

describe('TimeScale', () => {
  it('has a column for each step from its origin to the last instant', () => {
    const scale = new TimeScale([0, 5, 12], 5, 0);
    expect(scale.columns).toEqual([0, 1, 2]);
    expect(scale.placeOf(12)).toBe(2);
  });

  it('is cut where nothing happens for long', () => {
    const scale = new TimeScale([0, 1000], 10, 0);
    expect(scale.columns).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, CUT, CUT, 100]);
    expect(scale.labels(0, scale.columns.length)).toBe('0ms        //1s');
    expect(scale.placeOf(500)).toBeUndefined();
  });

  it('labels round instants, and where a part begins', () => {
    const scale = new TimeScale(
      Array.from({ length: 25 }, (_, index) => index * 100),
      100,
      0,
    );
    expect(scale.labels(0, 25)).toBe('0ms       1s        2s');
    // The label of 2 s would stand in the one of the beginning.
    expect(scale.labels(15, 25)).toBe('1s500ms');
  });

  it('takes the finest step on which all fits, and has a place for each instant on it', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 100 * 86_400_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 30, max: 200 }), (given, width) => {
        const scale = TimeScale.fitting(given, width, 0);
        expect(scale.columns.length).toBeLessThanOrEqual(width);
        for (const instant of given) expect(scale.columns[scale.placeOf(instant) ?? NaN]).toBeDefined();
      }),
    );
  });
});
