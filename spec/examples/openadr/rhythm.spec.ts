import fc from 'fast-check';
import { type Mark, markBehind, type Rhythm } from '../../../examples/openadr/ven/rhythm';

/** The first marks of a rhythm, as text: s for a sample, r for a report, ! for the end. */
function marks(rhythm: Rhythm, from = 0, most = 8): readonly string[] {
  const all: Mark[] = [];
  for (let at = from; all.length < most; at = all.at(-1)!.at) {
    all.push(markBehind(rhythm, at));
    if (all.at(-1)!.isLast) break;
  }
  return all.map(
    ({ at, isSample, isReport, isLast }) =>
      `${at}${isSample ? 's' : ''}${isReport ? 'r' : ''}${isLast ? '!' : ''}`,
  );
}

describe('the rhythm of a report', () => {
  it.each<[string, Rhythm, readonly string[]]>([
    [
      'samples at the granularity and reports behind so many samples',
      { granularity: 2, reportBack: 6, length: 13 },
      ['2s', '4s', '6sr', '8s', '10s', '12sr', '13r!'],
    ],
    [
      'reports between two samples where the one is no multiple of the other',
      { granularity: 2, reportBack: 5, length: Infinity },
      ['2s', '4s', '5r', '6s', '8s', '10sr', '12s', '14s'],
    ],
    ['reports once at the end', { granularity: 2, reportBack: 0, length: 5 }, ['2s', '4s', '5r!']],
    ['samples at the end, too', { granularity: 2, reportBack: 2, length: 4 }, ['2sr', '4sr!']],
    ['is one mark for one report', { granularity: 0, reportBack: 0, length: 0 }, ['0sr!']],
    ['ends before its first sample', { granularity: 9, reportBack: 9, length: 5 }, ['5r!']],
  ])('%s', (_title, rhythm, expected) => {
    expect(marks(rhythm)).toEqual(expected);
  });

  it('goes on where it is when it comes late, and leaves out what is past', () => {
    expect(marks({ granularity: 2, reportBack: 6, length: 13 }, 8.5)).toEqual(['10s', '12sr', '13r!']);
    expect(marks({ granularity: 2, reportBack: 6, length: 13 }, 99)).toEqual(['13r!']);
  });

  it('is on its grid, however late each of its steps is', () => {
    const spans = fc.record({
      granularity: fc.integer({ min: 1, max: 100 }),
      reportBack: fc.integer({ min: 1, max: 300 }),
      length: fc.integer({ min: 1, max: 2000 }),
      late: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(spans, ({ granularity, reportBack, length, late }) => {
        let now = 0;
        for (const delay of late) {
          const { at, isSample, isReport, isLast } = markBehind({ granularity, reportBack, length }, now);
          expect(at).toBeLessThanOrEqual(length);
          expect(isLast || at > now).toBe(true);
          expect(isSample).toBe(at > now && at % granularity === 0);
          expect(isReport).toBe(at % reportBack === 0 || at === length);
          if (isLast) return;
          now = at + delay;
        }
      }),
    );
  });
});
