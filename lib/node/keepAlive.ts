import { setInterval } from 'node:timers';

/** The longest that a timer of Node's can be armed for. */
const LONGEST = 2 ** 31 - 1;

/**
 * Keeps the process from ending while something is under way that does not do so by itself: agents that wait for others,
 * a file that is watched. Nothing is measured by it: it is the host's own timer, and never fires.
 */
export async function keepAlive<V>(work: () => Promise<V>): Promise<V> {
  const timer = setInterval(() => undefined, LONGEST);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
