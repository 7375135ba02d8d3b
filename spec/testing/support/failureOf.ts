import { type MarbleBody, type MarbleOptions, MarbleTestError, runMarbles } from 'rx-agent-kit/testing';

/** The failure of a test that has to fail, and how long that took in real ms. */
export async function failureOf(
  body: MarbleBody,
  options: MarbleOptions = {},
): Promise<{ readonly error: MarbleTestError; readonly realMs: number }> {
  const start = performance.now();
  const error: unknown = await runMarbles(body, { seed: 7, ...options }).catch((thrown: unknown) => thrown);
  const realMs = performance.now() - start;
  if (error instanceof MarbleTestError) return { error, realMs };
  throw error instanceof Error ? error : new Error(`The test did not fail: ${JSON.stringify(error)}`);
}
