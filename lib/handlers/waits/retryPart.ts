import { disregard, PromisedWait, refused } from './PromisedWait';
import type { Retry } from '../policies/retry';
import type { WaitList } from './Wait';

/** What can pause as well, before an attempt. */
interface Pausing extends WaitList {
  pausePart(ms: number): Promise<void>;
}

/** A part of a run, which is repeated when it fails. */
export type RetriedPart<V> = (attempt: number) => PromiseLike<V>;

/** Repeats a part of a run until it succeeds, or is not to be repeated. The end of the run ends that, whatever the part does. */
export function retryPart<V>(waits: Pausing, work: RetriedPart<V>, retry: Retry): Promise<V> {
  if (!waits.run.isLive) return refused(waits.run);
  const whole = new PromisedWait<V>(waits, 'retry', 'a part of the run', false).open();
  disregard(attempts(waits, work, retry, whole));
  return whole.promise;
}

async function attempts<V>(
  waits: Pausing,
  work: RetriedPart<V>,
  retry: Retry,
  whole: PromisedWait<V>,
): Promise<void> {
  const { run } = waits;
  const pauseAfter = (attempt: number, error: unknown): number | undefined => {
    if (!run.isLive) return undefined;
    try {
      const pause = retry.pauseAfter(attempt, error, run.scope.random);
      if (pause === undefined) whole.fail(error);
      return pause;
    } catch (thrown) {
      whole.fail(thrown);
      return undefined;
    }
  };
  for (let attempt = 1; run.isLive; attempt++) {
    try {
      whole.succeed(await work(attempt));
      return;
    } catch (error) {
      const pause = pauseAfter(attempt, error);
      if (pause === undefined) return;
      if (attempt >= retry.unhealthyAfter) run.goesOnFailing(error);
      await waits.pausePart(pause);
    }
  }
}
