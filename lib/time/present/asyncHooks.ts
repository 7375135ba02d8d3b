/** What somebody had in `AsyncLocalStorage` when it was taken. */
export interface Context {
  runInAsyncScope<Self, Result>(work: (this: Self) => Result, self: Self): Result;
}

/** The part of Node's `AsyncLocalStorage` that is needed here. */
export interface ContextStore<T> {
  run<Result>(value: T, work: () => Result): Result;
  getStore(): T | undefined;
  /** Lets whoever runs now, and all that it begins, have a value from here on. */
  enterWith(value: T): void;
  disable(): void;
}

interface AsyncHooks {
  readonly AsyncResource: new (type: string, options: object) => Context;
  readonly AsyncLocalStorage: new <T>() => ContextStore<T>;
}

interface HostProcess {
  readonly process?: {
    readonly versions?: Partial<Record<string, string>>;
    getBuiltinModule?(name: string): AsyncHooks | undefined;
  };
}

const { process } = globalThis as HostProcess;

/** What the host has of contexts. Browsers have no such thing, and the core imports nothing of Node's. */
export const asyncHooks = process?.getBuiltinModule?.('node:async_hooks');

const idSymbol = findIdSymbol();
/** Whatever may have been put in its place. */
const NativePromise = nativePromise().constructor as PromiseConstructor;

/**
 * A promise made with this costs half of what `resolve` does, as the rows of messages show; but only if the engine sees
 * that it is always this function, which it does not of one that is declared.
 */
const never = (): void => undefined;

/** Whether it can be told that nobody in the process uses contexts. */
export const canTellUse = idSymbol !== undefined;

/**
 * Whether anybody in the process uses contexts, or may. Up to version 23 Node numbers every promise while an
 * `AsyncLocalStorage` is in use, or another hook, and none before: a promise costs a fifth of what it takes to take
 * a context, keep it and enter it.
 */
export function isInUse(): boolean {
  if (idSymbol === undefined) return true;
  const promise = new NativePromise<never>(never) as unknown as Record<symbol, unknown>;
  return promise[idSymbol] !== undefined;
}

/** The name of a resource's number, where that alone, with the number of its cause, says what its context is. */
function findIdSymbol(): symbol | undefined {
  const { node = '', bun, deno } = process?.versions ?? {};
  const isKnown = /^2[0-3]\./.test(node) && bun === undefined && deno === undefined;
  // In a realm of its own, as Jest's, promises may not be numbered.
  if (!isKnown || !(asyncHooks?.AsyncResource instanceof Function)) return undefined;
  const symbols = Object.getOwnPropertySymbols(
    new asyncHooks.AsyncResource('rx-agent-kit', { requireManualDestroy: true }),
  );
  return symbols.length === 2
    ? symbols.find(({ description }) => description === 'async_id_symbol')
    : undefined;
}

async function nativePromise(): Promise<void> {
  // It is only looked at.
}
