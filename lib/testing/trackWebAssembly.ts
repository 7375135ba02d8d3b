import { replaceProperty } from '../time/replaceProperty';
import type { HostWork } from './HostWork';

/** What works beside without any host showing it. */
const WORKS = ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'] as const;

type Work = (...args: unknown[]) => Promise<unknown>;
type Works = Partial<Record<(typeof WORKS)[number], Work>>;

/** Lets time stand still while WebAssembly is compiled; gives the way back. */
export function trackWebAssembly(work: Pick<HostWork, 'track'>): () => void {
  const { WebAssembly } = globalThis as { WebAssembly?: Works };
  if (WebAssembly === undefined) return () => undefined;
  const restorers = WORKS.map((name) => {
    const original = WebAssembly[name];
    if (typeof original !== 'function') return () => undefined;
    return replaceProperty(WebAssembly, name, function (this: unknown, ...args: unknown[]) {
      const promise = original.apply(this, args);
      work.track(promise);
      return promise;
    });
  });
  return () => {
    for (const restore of restorers) restore();
  };
}
