/* eslint-disable rxjs-x/no-subclass, @typescript-eslint/no-deprecated --
   It stands where a Subscriber is expected. */
import { Subscriber } from 'rxjs';
import type { Present, Worker } from './Present';
import { workerBehind } from './workerBehind';

/**
 * What is to be given to a subscriber of an agent's own source: itself, if it can be seen whom it leads to; or else
 * one that is at work for whoever was at work when it was subscribed, as with `share`.
 */
export function placed<T>(subscriber: Subscriber<T>, present: Present, owner: object): Subscriber<T> {
  const { worker } = present;
  if (worker?.owner !== owner || workerBehind(subscriber, owner) !== undefined) return subscriber;
  return new PlacedSubscriber(subscriber, present, worker);
}

class PlacedSubscriber<T> extends Subscriber<T> {
  constructor(
    private readonly target: Subscriber<T>,
    private readonly present: Present,
    private readonly worker: Worker,
  ) {
    super();
  }

  protected override _next(value: T): void {
    const { present } = this;
    const { rank: outerRank, worker: outer } = present;
    present.become(present.rank, this.worker);
    try {
      this.target.next(value);
    } finally {
      present.become(outerRank, outer);
    }
  }

  protected override _complete(): void {
    this.target.complete();
  }
}
