import type { DropReason } from '../trace/TraceEvent';
import { Backlog } from './Backlog';
import type { Plan } from './options';
import type { RunTrace } from './RunTrace';

/** The triggers that wait for their run, up to a bound. What is left out is traced. */
export class TriggerQueue<T> extends Backlog<T> {
  constructor(
    private readonly plan: Plan,
    private readonly owner: Pick<RunTrace, 'dropped'>,
  ) {
    super();
  }

  /** Takes a trigger, or leaves one out by the rule; false if that is this one. */
  offer(trigger: T): boolean {
    const { buffer, overflow } = this.plan;
    const isFull = this.size >= buffer;
    if (isFull && (overflow !== 'drop-oldest' || buffer === 0)) {
      this.owner.dropped(trigger, 'overflow');
      return false;
    }
    if (isFull) this.owner.dropped(this.shift(), 'overflow');
    this.push(trigger);
    return true;
  }

  /** Leaves out all that wait. */
  drop(reason: DropReason): void {
    while (this.size > 0) this.owner.dropped(this.shift(), reason);
  }
}
