/**
 * An instant, as one object for all that happens at it: a number of its own in each run that is in flight shows in the
 * bench row `merge, 100,000 in flight`.
 */
export interface Moment {
  readonly at: number;
}

/** The moment of an instant: the last one, if it is of that instant. */
export function momentOf(at: number, last: Moment | undefined): Moment {
  return last?.at === at ? last : { at };
}
