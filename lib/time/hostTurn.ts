/** What the host offers for a macrotask, some of which only some hosts have. */
interface HostGlobals {
  setImmediate?(callback: () => void): unknown;
  process?: { getBuiltinModule?(name: string): { setImmediate?(callback: () => void): unknown } | undefined };
}

/**
 * Calls back in the next macrotask of the host, when all microtasks have run out. It is taken when this file is
 * loaded, so that it works on while the globals are replaced.
 */
export const onHostTurn: (callback: () => void) => void = findHostTurn();

/** jsdom hides `setImmediate`, though Node has it; a browser has only channels and timers. */
function findHostTurn(): (callback: () => void) => void {
  const host = globalThis as HostGlobals;
  const immediate = host.setImmediate ?? host.process?.getBuiltinModule?.('node:timers')?.setImmediate;
  if (immediate !== undefined) {
    return (callback) => {
      immediate(callback);
    };
  }
  return typeof MessageChannel === 'function' ? channelTurn() : timeoutTurn();
}

function channelTurn(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.onmessage = () => {
    callbacks.shift()?.();
  };
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}

function timeoutTurn(): (callback: () => void) => void {
  const { setTimeout } = globalThis;
  return (callback) => {
    setTimeout(callback, 0);
  };
}

const realPerformance = globalThis.performance;
const readPerformance = realPerformance.now.bind(realPerformance);

/** The host's own monotonic time in ms, whatever has been put in its place since. */
export function hostNow(): number {
  return readPerformance();
}
