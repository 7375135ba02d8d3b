/**
 * Says how a timer counts when a marble test asks whether anything is left to wait for.
 * What a task arms is at least of the rank of that task.
 */
export type Rank = 0 | 1 | 2;

/** Work that has an end: a marble test goes on until it is done. */
export const FINITE: Rank = 0;
/** A plain interval that has fired before: an operator such as `take` may yet stop it. */
export const INTERVAL: Rank = 1;
/** A periodic timer of an agent, which has no end. */
export const ENDLESS: Rank = 2;
