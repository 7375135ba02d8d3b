/**
 * Does something of somebody else's at the edge of a step: a teardown, a log, a store, a bus, a getter. What it throws
 * is told, and the step goes on.
 *
 * @param onThrow must not throw itself
 */
export function guarded(work: () => void, onThrow: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onThrow(error);
  }
}
