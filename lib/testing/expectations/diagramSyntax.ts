import { AgentError } from '../../AgentError';
import { toMs } from '../../time/spans/duration';

/** A time, with a space on each side or the diagram's beginning before it: amounts and units, as durations have them. */
const TIME = /(?<=^| )(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+(?= )/g;
/** One that RxJS's own parser reads, too. */
const RXJS_TIME = /^\d+(?:\.\d+)?(?:ms|s|m)$/;
/** What takes time, or says when, and is nothing that happens. */
const NO_MARBLE = new Set([' ', '-', '^', '!']);

/** Whether a diagram has a time in it. */
export function hasTime(marbles: string): boolean {
  return marbles.search(TIME) >= 0;
}

/**
 * A diagram as RxJS's parser reads it: `2d 1h a` and `1m30s a` in milliseconds.
 *
 * @throws AgentError `bad-option` for a group that is not closed or not opened, and for a marble behind the end:
 * the parser takes them, and reads something else than is meant
 */
export function readableMarbles(marbles: string): string {
  refuseMistakes(marbles);
  return marbles.replace(TIME, (time) => (RXJS_TIME.test(time) ? time : `${toMs(time)}ms`));
}

function refuseMistakes(marbles: string): void {
  let isInGroup = false;
  let hasCompleted = false;
  // As in RxJS, a marble is a whole character, whatever it takes to write it.
  for (const marble of marbles.replace(TIME, '')) {
    if (NO_MARBLE.has(marble)) continue;
    if (marble === '(' || marble === ')') {
      if (isInGroup === (marble === '(')) throw notAGroup(marbles, marble);
      isInGroup = marble === '(';
      continue;
    }
    if (hasCompleted)
      throw mistake(marbles, `has '${marble}' behind its end '|': nothing comes any more then.`);
    // Behind an error there may be what is not to be seen any more: RxJS's own specs write that.
    hasCompleted = marble === '|';
  }
  if (isInGroup) throw mistake(marbles, "has a group that is not closed: write '(ab)'.");
}

function notAGroup(marbles: string, marble: string): AgentError {
  const what = marble === '(' ? "a '(' within a group" : "a ')' without a '(' before it";
  return mistake(marbles, `has ${what}: write '(ab)'.`);
}

function mistake(marbles: string, what: string): AgentError {
  return new AgentError('bad-option', `The diagram '${marbles}' ${what}`);
}
