import type { ExploreBody } from '../ExploreHelpers';

interface RunnerGlobals {
  readonly expect?: { getState?(): { readonly currentTestName?: string } };
}

const PRIME = 0x01000193;
const counts = new Map<string, number>();

/**
 * What a search is known by from one test run to the next: its body's text, since runners tell no name where a test is
 * made, and its number among those of the same text.
 */
export function idOf(body: ExploreBody): string {
  const text = String(body);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  const id = (hash >>> 0).toString(36);
  const count = (counts.get(id) ?? 0) + 1;
  counts.set(id, count);
  return count === 1 ? id : `${id}-${count}`;
}

/** The test that runs now by its name, where the runner tells it; with its id, since names are not unique. */
export function nameOfTest(id: string): string {
  const name = (globalThis as RunnerGlobals).expect?.getState?.().currentTestName;
  return name === undefined || name === '' ? id : `${name} (${id})`;
}
