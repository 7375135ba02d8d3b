import { asyncHooks, canTellUse, type Context, isInUse } from './asyncHooks';

export type { Context } from './asyncHooks';

/** As what `async_hooks` show a context that was taken: nobody waits for one. */
export const CONTEXT_TYPE = 'rx-agent-kit';

const OPTIONS = { requireManualDestroy: true };

/**
 * The context of all that was armed while nobody used contexts: nothing is kept for it. It is never entered itself,
 * since whoever enters something else there (`enterWith`) would leave it to all others.
 */
class EmptyContext implements Context {
  private readonly origin = create();

  runInAsyncScope<Self, Result>(work: (this: Self) => Result, self: Self): Result {
    if (!isInUse()) return work.call(self);
    const fresh = this.origin?.runInAsyncScope(create, undefined);
    return fresh === undefined ? work.call(self) : fresh.runInAsyncScope(work, self);
  }
}

let empty: EmptyContext | undefined;

function create(): Context | undefined {
  return asyncHooks && new asyncHooks.AsyncResource(CONTEXT_TYPE, OPTIONS);
}

/**
 * Takes the caller's context, as the host's own timers do; undefined where the host has no contexts. By far the
 * cheapest way in Node: `AsyncLocalStorage.snapshot` costs fifty times as much.
 */
export const captureContext: () => Context | undefined = canTellUse
  ? () => (isInUse() ? create() : (empty ??= new EmptyContext()))
  : create;

/** Calls a function in a context, or in the present one where there is none. */
export function runIn<Result>(context: Context | undefined, work: () => Result): Result {
  return context === undefined ? work() : context.runInAsyncScope(work, undefined);
}
