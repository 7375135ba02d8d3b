import type { CallerContext } from '../time/VirtualTimeouts';

interface AsyncResource {
  runInAsyncScope(callback: () => void): void;
}

interface HostProcess {
  readonly process?: {
    getBuiltinModule?(
      name: string,
    ): { readonly AsyncResource: new (type: string, options: object) => AsyncResource } | undefined;
  };
}

const hooks = (globalThis as HostProcess).process?.getBuiltinModule?.('node:async_hooks');

/** Takes hold of the caller's `AsyncLocalStorage`, as real timers do, where the host has such a thing. */
export function captureContext(): CallerContext | undefined {
  if (hooks === undefined) return undefined;
  const resource = new hooks.AsyncResource('VirtualTimeout', { requireManualDestroy: true });
  return (callback) => {
    resource.runInAsyncScope(callback);
  };
}
