/** What somebody had in `AsyncLocalStorage` when it was taken. */
export interface Context {
  runInAsyncScope<Self, Result>(work: (this: Self) => Result, self: Self): Result;
}

/** The part of Node's `AsyncLocalStorage` that is needed here. */
export interface ContextStore<T> {
  run<Result>(value: T, work: () => Result): Result;
  getStore(): T | undefined;
  disable(): void;
}

interface AsyncHooks {
  readonly AsyncResource: new (type: string, options: object) => Context;
  readonly AsyncLocalStorage: new <T>() => ContextStore<T>;
}

interface HostProcess {
  readonly process?: { getBuiltinModule?(name: string): AsyncHooks | undefined };
}

// Browsers have no such thing, and the core imports nothing of Node's.
const hooks = (globalThis as HostProcess).process?.getBuiltinModule?.('node:async_hooks');
const OPTIONS = { requireManualDestroy: true };

/**
 * Takes the caller's context, as the host's own timers do; undefined where the host has no contexts. By far the
 * cheapest way in Node: `AsyncLocalStorage.snapshot` costs fifty times as much.
 */
export const captureContext: () => Context | undefined =
  hooks === undefined ? () => undefined : () => new hooks.AsyncResource('rx-agent-kit', OPTIONS);

/** Calls a function in a context, or in the present one where there is none. */
export function runIn<Result>(context: Context | undefined, work: () => Result): Result {
  return context === undefined ? work() : context.runInAsyncScope(work, undefined);
}

/** A value that goes with the context, where the host has such a thing. */
export function createContextStore<T>(): ContextStore<T> | undefined {
  return hooks && new hooks.AsyncLocalStorage<T>();
}
