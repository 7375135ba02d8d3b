import type { MarbleBody } from './MarbleHelpers';
import { checkMarbles, type MarbleOptions } from './options';
import { runMarbles } from './runMarbles';

/**
 * Makes a test of a body that runs in virtual time, for `it` of Jest, Vitest or `node:test`:
 * ```ts
 * it('greets four seconds after start', marbleTest(({ start, expectObservable }) => {
 *   expectObservable(start(greeter).streams.greeting$).toBe('4s a', { a: 'hello!' });
 * }));
 * ```
 * It fails as {@link runMarbles} does, but what is wrong with the options is thrown at once.
 */
export function marbleTest(body: MarbleBody, options?: MarbleOptions): () => Promise<void> {
  checkMarbles('marbleTest', body, options);
  // Runners take no notice of what it resolves with; a refusal has to reach them as it is.
  return () => runMarbles(body, options) as Promise<unknown> as Promise<void>;
}
