import { onHostTurn } from './hostTurn';

/** Who says when a turn is over, where it is not the host: a marble test. */
let held: (() => void)[] | undefined;

/**
 * Calls back once this turn is over: all that runs now and the microtasks behind it. Nothing else of the host's comes
 * in between, but another turn may.
 */
export function atTurnEnd(work: () => void): void {
  if (held === undefined) onHostTurn(work);
  else held.push(work);
}

/** The same, before all others that wait for that: what they would do then they do not do any more. */
export function atTurnEndFirst(work: () => void): void {
  if (held === undefined) onHostTurn(work);
  else held.unshift(work);
}

/** Takes the ends of turns into its own hands, until it is given back. @returns the way to give it back */
export function holdTurnEnds(): () => void {
  const mine: (() => void)[] = [];
  const outer = held;
  held = mine;
  return () => {
    held = outer;
    for (const work of mine.splice(0)) atTurnEnd(work);
  };
}

/** Ends the turn, for whoever holds the ends of turns. Says whether anybody had waited for that. */
export function endTurn(): boolean {
  if (held === undefined || held.length === 0) return false;
  for (const work of held.splice(0)) work();
  return true;
}
