import { placeOf } from '../../handlers/run/placeOf';
import { formatMs } from '../../time/spans/duration';
import type { Guess } from './Guesses';

/** Says of each guess what it may have done to the test, and what to do. */
export function describeGuesses(guesses: readonly Guess[]): string[] {
  return guesses.map((guess) => {
    const { agent, stream, handler, at, reason } = guess;
    const isBody = agent === undefined;
    const who = isBody ? 'the body' : `handler ${handler ?? ''} (${placeOf(agent, stream ?? '').where})`;
    return reason === 'gave-up'
      ? `At ${formatMs(at)} time went on without what ${who} waits for, which had not come within maxHold.`
      : `At ${formatMs(at)} ${who} was given something foreign that the host had not shown, after time had gone on: hold time for it with ${isBody ? 'clock.external' : 'external'}(promise).`;
  });
}
