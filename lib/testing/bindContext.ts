interface AsyncHooks {
  readonly AsyncLocalStorage: { bind?(callback: () => void): () => void };
}

interface HostProcess {
  readonly process?: { getBuiltinModule?(name: string): AsyncHooks | undefined };
}

const storage = (globalThis as HostProcess).process?.getBuiltinModule?.(
  'node:async_hooks',
)?.AsyncLocalStorage;

/** Gives a callback its caller's `AsyncLocalStorage`, as real timers do, where the host has such a thing. */
export function bindContext(callback: () => void): () => void {
  return storage?.bind?.(callback) ?? callback;
}
