import type { Arbitrary, Stream, Value } from 'fast-check';
import type { Deviation, Tape } from '../tape/Tape';
import type { FastCheck } from './fastCheck';

/** How many runs are tried at most to make one shorter. */
const MOST_TRIES = 2000;

/** What a shorter tape has been looked for with. */
export interface Shrunk {
  readonly tape: Tape;
  /** How many runs it took. */
  readonly tries: number;
}

/**
 * Makes a failing tape shorter, and its numbers smaller, as long as it still fails.
 *
 * @param failing runs a tape and gives the one that it has come to, if it has failed
 */
export async function shrink(
  fc: FastCheck,
  tape: Tape,
  failing: (tape: Tape) => Promise<Tape | undefined>,
): Promise<Shrunk> {
  let shortest = tape;
  let tries = 0;
  const property = fc.asyncProperty(tapesFrom(fc), async (candidate) => {
    if (candidate === tape) throw new Error('known to fail');
    if (tries >= MOST_TRIES) return;
    tries++;
    const failed = await failing(candidate);
    if (failed === undefined) return;
    shortest = failed.length <= candidate.length ? failed : candidate;
    throw new Error('still fails');
  });
  await fc.check(property, { numRuns: 1, examples: [[tape]], endOnFailure: false });
  return { tape: shortest, tries };
}

/** Tapes by fast-check's own rules for lists: with fewer deviations, and with smaller answers at the same places. */
function tapesFrom(fc: FastCheck): Arbitrary<Deviation[]> {
  class Deviations extends fc.Arbitrary<Deviation> {
    private readonly answers = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

    override generate(): Value<Deviation> {
      return new fc.Value({ index: 0, answer: 1 }, undefined);
    }

    override canShrinkWithoutContext(value: unknown): value is Deviation {
      return value !== undefined;
    }

    override shrink({ index, answer }: Deviation): Stream<Value<Deviation>> {
      return this.answers
        .shrink(answer, undefined)
        .map(({ value }) => new fc.Value({ index, answer: value }, undefined));
    }
  }
  return fc.array(new Deviations(), { maxLength: 0x7fffffff });
}
