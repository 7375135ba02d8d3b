import { type MarbleBody, type MarbleOptions, MarbleTestError, runMarbles } from 'rx-agent-kit/testing';
import { cpuNow } from '../../support/cpu';

/** The failure of a test that has to fail, and how long that took: in real ms, and in ms of the CPU. */
export async function failureOf(
  body: MarbleBody,
  options: MarbleOptions = {},
): Promise<{ readonly error: MarbleTestError; readonly realMs: number; readonly cpuMs: number }> {
  const start = performance.now();
  const cpu = cpuNow();
  const error: unknown = await runMarbles(body, { seed: 7, ...options }).catch((thrown: unknown) => thrown);
  const realMs = performance.now() - start;
  const cpuMs = cpuNow() - cpu;
  if (error instanceof MarbleTestError) return { error, realMs, cpuMs };
  throw error instanceof Error ? error : new Error(`The test did not fail: ${JSON.stringify(error)}`);
}
