const { asyncDispose } = Symbol as Partial<SymbolConstructor>;

/** What `await using` calls at the end: `Symbol.asyncDispose`, or where the host has none what compilers take in its place. */
export const ASYNC_DISPOSE: typeof Symbol.asyncDispose =
  asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
