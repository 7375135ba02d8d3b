import { isError, read } from '../../readError';
import { liveRandom, type RandomSource, seededRandom } from '../../time/spans/random';

/** What is random in a marble test, so that it can be had again. */
export class Seed {
  /** Whether something has been drawn. */
  isUsed = false;
  readonly random: RandomSource;

  constructor(readonly value: number = Math.floor(liveRandom() * 2 ** 32)) {
    const source = seededRandom(value);
    // A function that is written where it is assigned to a property is made in V8's old generation.
    const random: RandomSource = () => {
      this.isUsed = true;
      return source();
    };
    this.random = random;
  }

  /** Adds the seed to the message of an error, if it may have to do with it. */
  tellIn(error: unknown): unknown {
    if (!this.isUsed || !isError(error)) return error;
    const before = read(error, 'message');
    if (typeof before !== 'string' || before.includes(this.text)) return error;
    const after = `${before} (${this.text})`;
    try {
      // The stack has its own copy of the message.
      const stack = error.stack?.replace(before, () => after);
      error.message = after;
      if (stack !== undefined) error.stack = stack;
    } catch {
      // An error that cannot be changed is passed on as it is.
    }
    return error;
  }

  private get text(): string {
    return `seed ${this.value}`;
  }
}
