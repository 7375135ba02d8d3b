import type { Choice } from '../../../time/choices/Choices';
import { Replay, type Strategy } from '../tape/Strategy';
import type { Deviation, Tape } from '../tape/Tape';
import { answersOf } from './answersOf';
import { kindOf } from './Statistics';

/** How many runs are tried at most for each step. */
const MOST_TRIES = 600;

/** A choice as it came up in a run. */
interface Place {
  readonly index: number;
  readonly kind: string;
  readonly answers: readonly number[];
}

/** Takes down what there was to choose in the run of a tape. */
class Survey implements Strategy {
  readonly places: Place[] = [];
  private readonly replay: Replay;

  constructor(tape: Tape) {
    this.replay = new Replay(tape);
  }

  answer(n: number, what: Choice | string, index: number): number {
    this.places.push({ index, kind: kindOf(what), answers: answersOf(n, what) });
    return this.replay.answer(n, what, index);
  }
}

/** Runs a strategy, and gives the tape that it has come to if that fails. */
export type Attempt = (strategy: Strategy) => Promise<Tape | undefined>;

/**
 * Looks for a simpler run where one that is made smaller piece by piece gets stuck: another one answer in the place of
 * two, as when one long delay does what two short ones do, and the same at an earlier place. Gives the tape itself if
 * there is none.
 */
export async function refine(tape: Tape, attempt: Attempt): Promise<Tape> {
  const survey = new Survey(tape);
  if (tape.length === 0 || (await attempt(survey)) === undefined) return tape;
  let tries = 0;
  for (const candidate of simpler(tape, survey.places)) {
    if (tries++ === MOST_TRIES) break;
    const failed = await attempt(new Replay(candidate));
    if (failed !== undefined && isSimpler(failed, tape)) return failed;
  }
  return tape;
}

/** The likeliest to be the best story come first. */
function* simpler(tape: Tape, places: readonly Place[]): Generator<Tape> {
  const kinds = new Set(tape.map(({ index }) => kindAt(places, index)));
  const alike = places.filter(({ kind }) => kinds.has(kind));
  if (tape.length > 1)
    for (const { index, answers } of alike) for (const answer of answers) yield [{ index, answer }];
  for (const dropped of tape) {
    const rest = tape.filter((deviation) => deviation !== dropped);
    for (const one of rest)
      for (const answer of places.find(({ index }) => index === one.index)?.answers ?? [])
        yield rest.map((deviation) => (deviation === one ? { ...one, answer } : deviation));
  }
  for (const one of tape) {
    const kind = kindAt(places, one.index);
    for (const { index } of places)
      if (index < one.index && kindAt(places, index) === kind && !tape.some((other) => other.index === index))
        yield sorted(tape.map((deviation) => (deviation === one ? { ...one, index } : deviation)));
  }
}

/** Fewer deviations are simpler, then earlier ones. */
function isSimpler(one: Tape, other: Tape): boolean {
  if (one.length !== other.length) return one.length < other.length;
  return sumOf(one) < sumOf(other);
}

function sumOf(tape: Tape): number {
  return tape.reduce((sum, { index }) => sum + index, 0);
}

function sorted(tape: Deviation[]): Tape {
  return tape.sort((one, other) => one.index - other.index);
}

function kindAt(places: readonly Place[], at: number): string | undefined {
  return places.find(({ index }) => index === at)?.kind;
}
