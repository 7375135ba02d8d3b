// What a lease is made of, as shares of its span. Whoever has it gives it up before anybody else may take it, by a
// margin for clocks that do not go at the same pace and for the end of what it does; and all of it is over, the looking
// included, within the span.

/** How long behind a renewal that was confirmed, counted from its sending, one counts as the holder. */
export const HOLD = 0.6;
/** How often it is renewed. */
export const RENEW = 0.2;
/** For how long others have to see the same mark until they take the lease. */
export const STALE = 0.75;
/** How often they look. */
export const LOOK = 0.1;
/** How long an answer is waited for until it is asked again. */
export const PATIENCE = 0.15;
