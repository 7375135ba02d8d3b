import { captureContext, type Context, runIn } from '../../time/present/Context';
import type { Present } from '../../time/present/Present';
import type { Rank } from '../../time/queue/rank';
import type { DropReason } from '../../trace/TraceEvent';
import { Backlog } from '../../time/queue/Backlog';
import type { Plan } from './options';

/** Whose triggers wait. */
export interface QueueOwner<T> {
  readonly present: Present;
  dropped(trigger: T, reason: DropReason): void;
}

/**
 * The triggers that wait for their run, up to a bound, each with the context and the rank with which it came. What is
 * left out is traced.
 */
export class TriggerQueue<T> {
  private readonly triggers = new Backlog<T>();
  private readonly contexts = new Backlog<Context | undefined>();
  private readonly ranks = new Backlog<Rank>();

  constructor(
    private readonly plan: Pick<Plan, 'buffer' | 'overflow'>,
    private readonly owner: QueueOwner<T>,
  ) {}

  get size(): number {
    return this.triggers.size;
  }

  /** Takes a trigger, or leaves one out by the rule; false if that is this one. */
  offer(trigger: T): boolean {
    const { buffer, overflow } = this.plan;
    const isFull = this.size >= buffer;
    if (isFull && (overflow !== 'drop-oldest' || buffer === 0)) {
      this.owner.dropped(trigger, 'overflow');
      return false;
    }
    if (isFull) this.dropFirst('overflow');
    this.push(trigger);
    return true;
  }

  /** Takes a trigger, whatever the bound is. */
  push(trigger: T): void {
    this.triggers.push(trigger);
    this.contexts.push(captureContext());
    this.ranks.push(this.owner.present.rank);
  }

  /** Hands the trigger that has waited longest over; there has to be one. */
  handTo(start: (trigger: T) => void): void {
    const trigger = this.triggers.shift();
    const context = this.contexts.shift();
    this.owner.present.ranked(this.ranks.shift(), () => {
      runIn(context, () => {
        start(trigger);
      });
    });
  }

  /** Leaves out all that wait. */
  drop(reason: DropReason): void {
    while (this.size > 0) this.dropFirst(reason);
  }

  private dropFirst(reason: DropReason): void {
    this.contexts.shift();
    this.ranks.shift();
    this.owner.dropped(this.triggers.shift(), reason);
  }
}
