/** Holds something open for as long as a trigger is under way: whoever gave the trigger learns what became of it. */
export interface Hold {
  /** A handler has taken it. */
  taken(): void;
  /** It is done with, for a handler that has taken it. */
  done(): void;
  /** It has failed for good. */
  failed(cause: unknown): void;
  /** It was given up before it was done, since its agent stops. */
  abandoned(): void;
}

/** Where a trigger that is held has its hold. */
export const HOLD: unique symbol = Symbol('hold');

let areThereAny = false;

/**
 * Says that there are triggers with a hold. Until then nobody looks for one: most processes have none, and to look at
 * each trigger of each run would cost the bench rows `handlers`.
 */
export function useHolds(): void {
  areThereAny = true;
}

export function holdOf(trigger: unknown): Hold | undefined {
  if (!areThereAny || typeof trigger !== 'object' || trigger === null) return undefined;
  return (trigger as { readonly [HOLD]?: Hold })[HOLD];
}
