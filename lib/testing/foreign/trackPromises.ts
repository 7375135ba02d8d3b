import { isThenable } from '../session/isThenable';
import type { HostWork } from './HostWork';

type Work = (...args: unknown[]) => unknown;
type Works = Partial<Record<string, Work>>;

interface HostGlobals {
  readonly WebAssembly?: Works;
  readonly crypto?: { readonly subtle?: object };
}

/** Who takes note of the promises of the test that runs. */
let tracker: Pick<HostWork, 'track'> | undefined;

/** Where work is given away of which no host shows anything, or not every one does. */
const replacements = [...webAssembly(), ...webCrypto()];

/**
 * Lets time stand still until what such work has promised has come; gives the way back. All of these are plain methods,
 * to which a value is only assigned; what somebody else has put in the place of one is let alone.
 */
export function trackPromises(by: Pick<HostWork, 'track'>): () => void {
  tracker = by;
  for (const { owner, name, original, tracked } of replacements)
    if (owner[name] === original) owner[name] = tracked;
  return () => {
    for (const { owner, name, original, tracked } of replacements)
      if (owner[name] === tracked) owner[name] = original;
    tracker = undefined;
  };
}

interface Replacement {
  readonly owner: Works;
  readonly name: string;
  readonly original: Work;
  readonly tracked: Work;
}

function webAssembly(): Replacement[] {
  const owner = (globalThis as unknown as HostGlobals).WebAssembly;
  return tracked(owner, ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']);
}

function webCrypto(): Replacement[] {
  const subtle = (globalThis as unknown as HostGlobals).crypto?.subtle;
  const owner = subtle && (Object.getPrototypeOf(subtle) as Works);
  return tracked(
    owner,
    Object.keys(Object.getOwnPropertyDescriptors(owner ?? {})).filter((name) => name !== 'constructor'),
  );
}

/** Those of the functions that there are. What they do and throw is their own. */
function tracked(owner: Works | undefined, names: readonly string[]): Replacement[] {
  if (owner === undefined) return [];
  return names.flatMap((name) => {
    const original = owner[name];
    if (typeof original !== 'function' || Object.getOwnPropertyDescriptor(owner, name)?.writable !== true)
      return [];
    const replacement = function (this: unknown, ...args: unknown[]): unknown {
      const promise = original.apply(this, args);
      if (isThenable(promise)) tracker?.track(promise);
      return promise;
    };
    return [{ owner, name, original, tracked: replacement }];
  });
}
