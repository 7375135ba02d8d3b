/** What the host offers for turns of its own, some of which only some hosts have. */
interface HostGlobals {
  setImmediate?: (callback: () => void) => unknown;
  process?: { getBuiltinModule?(name: string): HostTimers | undefined };
}

interface HostTimers {
  setImmediate?: (callback: () => void) => unknown;
  setTimeout: (callback: () => void, ms: number) => unknown;
}

type Turn = (callback: () => void) => void;

// All of it is taken when this file is loaded, so that it works on while the globals are replaced.
const host = globalThis as HostGlobals;
const nodeTimers = host.process?.getBuiltinModule?.('node:timers');
const realSetTimeout = (nodeTimers ?? globalThis).setTimeout as HostTimers['setTimeout'];
const realPerformance = globalThis.performance;
const readPerformance = realPerformance.now.bind(realPerformance);

/** Calls back in the next macrotask of the host, when all microtasks have run out. */
export const onHostTurn: Turn = findHostTurn();

/** jsdom hides `setImmediate`, though Node has it; a browser has only channels and timers. */
function findHostTurn(): Turn {
  const immediate = host.setImmediate ?? nodeTimers?.setImmediate;
  if (immediate !== undefined) {
    return (callback) => {
      immediate(callback);
    };
  }
  return typeof MessageChannel === 'function' ? channelTurn() : timeoutTurn;
}

function channelTurn(): Turn {
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

function timeoutTurn(callback: () => void): void {
  realSetTimeout(callback, 0);
}

/**
 * Calls back after a real ms, in which the host sleeps if it has nothing else to do. What is to have a turn of its
 * own has to take one then.
 */
export function afterHostNap(callback: () => void): void {
  realSetTimeout(callback, 1);
}

/** The host's own monotonic time in ms, whatever has been put in its place since. */
export function hostNow(): number {
  return readPerformance();
}
