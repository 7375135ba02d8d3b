import fc from 'fast-check';
import { readTape, writeTape } from '../../../../lib/testing/explore/tape/tapeText';
import type { Tape } from '../../../../lib/testing/explore/tape/Tape';

const tapes: fc.Arbitrary<Tape> = fc
  .uniqueArray(fc.record({ index: fc.nat(100_000), answer: fc.integer({ min: 1, max: 2 ** 40 }) }), {
    selector: ({ index }) => index,
  })
  .map((tape) => tape.sort((one, other) => one.index - other.index));

describe('The text of a tape', () => {
  it('is read as what was written', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        expect(readTape(writeTape(tape))).toEqual(tape);
      }),
    );
  });

  it('is short, and of letters that are not taken for one another', () => {
    const text = writeTape([
      { index: 3, answer: 1 },
      { index: 40, answer: 20 },
    ]);
    expect(text).toMatch(/^k[0-9a-hjkmnp-tv-z]{5,10}$/);
    expect(writeTape([])).toMatch(/^k..$/);
  });

  it('is refused when a character of it is another one', () => {
    fc.assert(
      fc.property(
        tapes,
        fc.nat(),
        fc.constantFrom('0', '1', '7', '9', 'a', 'g', 'z'),
        (tape, at, character) => {
          const text = writeTape(tape);
          const place = 1 + (at % (text.length - 1));
          const changed = text.slice(0, place) + character + text.slice(place + 1);
          const read = readTape(changed);
          // Two digits of control tell most, and what is read is a tape in any case.
          if (changed !== text && read !== undefined) expect(writeTape(read)).toBe(changed);
        },
      ),
    );
    expect(['', 'k', 'k0', 'x07', 'k00', 'k0m11', 'k0m11e'].map(readTape)).toEqual(
      Array.from({ length: 7 }, () => undefined),
    );
  });
});
