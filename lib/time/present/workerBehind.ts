import type { Worker } from './Present';

/** What RxJS 7's subscribers and observers keep of those behind them; none of it is public. */
interface Link extends Partial<Worker> {
  /** The kit's own subscribers say so themselves, and its operators know already. */
  readonly result?: object;
  readonly place?: Worker;
  readonly destination?: object;
  /** An observer that RxJS has wrapped. */
  readonly partialObserver?: object;
  /** One that the kit has wrapped. */
  readonly callbacks?: object;
  /** The subscribers of a Subject: the first stands for all. */
  readonly observers?: readonly object[] | null;
}

/** So far a way is followed, against one that goes round. */
const LONGEST = 1000;

/**
 * Who it is that a subscriber hands its values on to in the end: a stream of an agent, or a run in one. Where the way
 * there cannot be seen to its end, whoever of the agent's is the last that can be seen.
 */
export function workerBehind(subscriber: object, owner: object): Worker | undefined {
  let worker: Worker | undefined;
  let link: Link | undefined = subscriber;
  for (let length = 0; link !== undefined && length < LONGEST; length++) {
    if (link.owner === owner) return link as Worker;
    if (link.place?.owner === owner) worker = link.place;
    link = link.result ?? link.callbacks ?? link.destination ?? link.partialObserver ?? link.observers?.[0];
  }
  return worker;
}

/** Lets a subscriber be seen to work for somebody, where it has been made by others. */
export function leadTo(worker: Worker, subscriber: object): void {
  (subscriber as { result?: Worker }).result = worker;
}
