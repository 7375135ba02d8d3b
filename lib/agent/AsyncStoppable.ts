const { asyncDispose } = Symbol as Partial<SymbolConstructor>;

/** What `await using` calls at the end: `Symbol.asyncDispose`, or where the host has none what compilers take in its place. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose =
  asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);

/**
 * What stops when the block ends that it is used in, `await using`. It is a class for the bundlers' sake: esbuild keeps
 * each class with a member that is named by a value, used or not, and with it all that it needs. So that is this one.
 */
export abstract class AsyncStoppable {
  abstract stop(): Promise<unknown>;

  async [ASYNC_DISPOSE](): Promise<void> {
    await this.stop();
  }
}
