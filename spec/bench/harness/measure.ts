/** The CPU that the process spends while the work is done, in ns; other processes' is not in it. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** What is in memory now, typed arrays included, in bytes. Needs `--expose-gc`. */
export function memoryInUse(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The most memory that the process has held so far, in bytes. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Resolves in the next turn of the event loop, when all microtasks of this one are done. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share from 0 to 1 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Makes a side fail loudly when it has not done the work that it was measured for. */
export function expectCount(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${expected} were to be done, but ${actual} were.`);
}
