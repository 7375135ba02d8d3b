import type { Arbitrary, Stream, Value } from 'fast-check';
import type { Deviation, Tape } from '../tape/Tape';
import { Replay } from '../tape/Strategy';
import type { FastCheck } from './fastCheck';
import { type Attempt, refine } from './refine';

/** How many runs are tried at most to make one shorter. */
const MOST_TRIES = 2000;

/** What a shorter tape has been looked for with. */
export interface Shrunk {
  readonly tape: Tape;
  /** How many runs it took. */
  readonly tries: number;
}

/** How often the two take turns at most. */
const MOST_ROUNDS = 8;

/** Makes a failing tape shorter, and its numbers smaller, as long as it still fails. */
export async function shrink(fc: FastCheck, tape: Tape, attempt: Attempt): Promise<Shrunk> {
  let tries = 0;
  const counted: Attempt = (strategy) => {
    tries++;
    return attempt(strategy);
  };
  let shortest = await shrinkByParts(fc, tape, counted);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const refined = await refine(shortest, counted);
    if (refined === shortest) break;
    shortest = await shrinkByParts(fc, refined, counted);
  }
  return { tape: shortest, tries };
}

async function shrinkByParts(fc: FastCheck, tape: Tape, attempt: Attempt): Promise<Tape> {
  let shortest = tape;
  let tries = 0;
  const property = fc.asyncProperty(tapesFrom(fc), async (candidate) => {
    if (candidate === tape) throw new Error('known to fail');
    if (tries >= MOST_TRIES) return;
    tries++;
    const failed = await attempt(new Replay(candidate));
    if (failed === undefined) return;
    shortest = failed.length <= candidate.length ? failed : candidate;
    throw new Error('still fails');
  });
  await fc.check(property, { numRuns: 1, examples: [[tape]], endOnFailure: false });
  return shortest;
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
