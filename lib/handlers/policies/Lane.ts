import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { Plan } from './options';
import { type QueueOwner, TriggerQueue } from './TriggerQueue';

/** The operator that a lane is of. */
export interface LaneOwner<T> extends QueueOwner<T> {
  readonly plan: Plan<T>;
  /** Nothing is started any more. */
  readonly isOver: boolean;
  /** Begins the first attempt at a trigger; false if there is none. */
  begin(trigger: T, lane: Lane<T>): boolean;
  /** A trigger got no run since too many wait. */
  overflowed(trigger: T): void;
}

/** Takes the triggers of one key, or all of them where there is no key, and decides by the policy which gets a run, and when. */
export class Lane<T> {
  /** How many jobs there are. */
  inFlight = 0;
  /** The run of the latest job: the one that a switch aborts. */
  latest: { abort(reason: AbortReason): void } | undefined;
  /** The number of the latest trigger, under switch. */
  private epoch = 0;
  private queue: TriggerQueue<T> | undefined;
  private isPumping = false;
  /** How many triggers are being taken: what comes of one may trigger again. */
  private taking = 0;

  constructor(
    private readonly owner: LaneOwner<T>,
    readonly key?: unknown,
  ) {}

  /** Whether nothing is left of what it has taken. */
  get isAtRest(): boolean {
    return this.inFlight === 0 && this.taking === 0 && !this.isWaiting;
  }

  get isWaiting(): boolean {
    return this.queue !== undefined && this.queue.size > 0;
  }

  /** @param isReadmitted whether it has been taken once, in an earlier life: there is always room for it then */
  take(trigger: T, isReadmitted: boolean): void {
    const { policy, concurrency } = this.owner.plan;
    this.taking++;
    if (policy === 'switch') this.switchTo(trigger);
    else if (this.inFlight < concurrency) this.start(trigger);
    else if (isReadmitted) this.waiting.push(trigger);
    else if (policy === 'exhaust') this.owner.dropped(trigger, 'exhaust');
    else this.enqueue(trigger);
    this.taking--;
  }

  /** A job has ended. */
  jobDone(): void {
    this.inFlight--;
    this.pump();
  }

  /** Starts what waits, as far as there is room. A run that ends at once must not start the next one from within. */
  pump(): void {
    const { queue } = this;
    if (queue === undefined || this.isPumping) return;
    this.isPumping = true;
    while (queue.size > 0 && this.inFlight < this.owner.plan.concurrency)
      queue.handTo((trigger) => {
        this.start(trigger);
      });
    this.isPumping = false;
  }

  /** Leaves out all that wait. */
  drop(reason: DropReason): void {
    this.queue?.drop(reason);
  }

  /** Whoever hears of the abort may trigger again at once, or unsubscribe. Then this trigger has been superseded. */
  private switchTo(trigger: T): void {
    const epoch = ++this.epoch;
    this.latest?.abort('switched');
    if (epoch === this.epoch && !this.owner.isOver) this.start(trigger);
    else this.owner.dropped(trigger, 'switch');
  }

  private start(trigger: T): void {
    this.inFlight++;
    if (!this.owner.begin(trigger, this)) this.inFlight--;
  }

  private enqueue(trigger: T): void {
    const { owner } = this;
    if (!this.waiting.offer(trigger) && owner.plan.overflow === 'fail') owner.overflowed(trigger);
  }

  private get waiting(): TriggerQueue<T> {
    return (this.queue ??= new TriggerQueue<T>(this.owner.plan, this.owner));
  }
}
