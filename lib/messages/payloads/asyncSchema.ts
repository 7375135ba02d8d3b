import type { ZodType } from 'zod';
import { factsOf } from './schemaFacts';

/** Whether zod says that a schema needs to wait: whichever copy of it, and however that was packed. */
export function isAsyncError(thrown: unknown): boolean {
  const { constructor, message } = (thrown ?? {}) as {
    readonly constructor?: unknown;
    readonly message?: unknown;
  };
  return (
    (constructor as { readonly name?: unknown } | undefined)?.name === '$ZodAsyncError' ||
    (typeof message === 'string' && message.startsWith('Encountered Promise'))
  );
}

/** What a schema waits for, in words, as far as that can be seen. */
export function waitsFor(schema: ZodType): string {
  const { async: path } = factsOf(schema);
  if (path === undefined) return 'a refinement or transform of its schema is async (it gives a promise)';
  return path === ''
    ? 'a refinement or transform of it is async (it gives a promise)'
    : `a refinement or transform of ${path} is async (it gives a promise)`;
}
