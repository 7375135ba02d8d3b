import type { Json } from '../../store/Json';
import type { RunJob } from '../durable/Job';
import { PromisedWait, refused, rejected } from './PromisedWait';
import type { WaitList } from './Wait';

/** What is kept of a part of a run. */
export interface KeptPart {
  readonly job: RunJob;
  readonly name: string;
  readonly schema?: unknown;
}

/**
 * Does a part of a run once: what it has given is kept before it is handed on, and handed on at once when the run is
 * repeated. What comes when the run is over already is kept all the same, since it has been done.
 */
export function keptPart<V>(waits: WaitList, part: KeptPart, work: () => PromiseLike<V>): Promise<V> {
  const { run } = waits;
  const { job, name, schema } = part;
  if (!run.isLive) return refused(run);
  try {
    job.beginStep(name);
    const kept = job.stepOf(name);
    if (kept !== undefined) return Promise.resolve(job.read(name, kept, schema) as V);
  } catch (error) {
    return rejected(error);
  }
  const whole = new PromisedWait<V>(waits, 'step', name, false).open();
  attempt(work).then(
    (value) => {
      keep(waits, part, value, whole);
    },
    (error: unknown) => {
      whole.fail(error);
    },
  );
  return whole.promise;
}

function keep<V>(waits: WaitList, { job, name, schema }: KeptPart, value: V, whole: PromisedWait<V>): void {
  let kept: Json;
  try {
    kept = job.write(name, value, schema);
  } catch (error) {
    whole.fail(error);
    return;
  }
  job.keepStep(name, kept);
  if (!waits.run.isLive) return;
  const wait = new PromisedWait<void>(waits, 'store', name).open();
  job.whenKept(
    () => {
      wait.close();
      whole.endWith(() => Promise.resolve(job.read(name, kept, schema) as V));
    },
    (error) => {
      wait.close();
      whole.fail(error);
    },
  );
}

function attempt<V>(work: () => PromiseLike<V>): Promise<V> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return rejected(error);
  }
}
