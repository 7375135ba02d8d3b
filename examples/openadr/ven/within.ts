import type { Run } from 'rx-agent-kit';

/**
 * Does a part of a run's work with a deadline of its own. The part's signal is aborted at the deadline and with
 * the run; `late` says what becomes of it then.
 */
export async function within<T>(
  span: number,
  run: Run,
  work: (signal: AbortSignal) => PromiseLike<T>,
  late: () => T,
): Promise<T> {
  const part = new AbortController();
  const abort = (): void => part.abort(run.signal.reason);
  run.signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work(part.signal), run.sleep(span).then(late)]);
  } finally {
    run.signal.removeEventListener('abort', abort);
    part.abort();
  }
}
