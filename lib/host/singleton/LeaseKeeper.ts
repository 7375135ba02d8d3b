import type { Scheduler } from '../../time/queue/Scheduler';
import type { Mark, OpenLeases } from '../../store/leases/Leases';
import { formatMs } from '../../time/spans/duration';
import { LeaseAlarm } from './LeaseAlarm';
import { HOLD, LOOK, PATIENCE, RENEW, STALE } from './LeaseTimes';

/** Whose lease it is; called in tasks of the scheduler, or between them. */
export interface LeaseOwner {
  /** It is this host's. @param fence a number that is greater than that of whoever had it before */
  gained(fence: number): void;
  /** It is not, or cannot be shown to be: somebody else may have it soon. */
  lost(): void;
  /** Somebody else has it: it is waited for. Told once behind the beginning, and once behind each loss. */
  standsBy(holder: string): void;
  /** The leases do not answer. It is tried again. */
  failed(error: unknown): void;
}

/**
 * Takes a lease as soon as it is free, and renews it. Nothing is asked of another machine's clock: a lease is held for
 * a span behind the last renewal that was confirmed, and is free when its mark has not changed for a longer one.
 */
export class LeaseKeeper {
  /** The number under which the lease was taken; undefined while somebody else has it. */
  private fence: number | undefined;
  /** The last mark that is known to be this host's own. */
  private own = 0;
  /** The mark that others have left, since when it has been the same. */
  private seen: { readonly number: number; readonly since: number } | undefined;
  private hasSaid = false;
  /** Until when it is held by the last renewal that was confirmed. */
  private until = -Infinity;
  /** When the last question was asked that has not been answered yet. */
  private asked: { readonly at: number } | undefined;
  private isOver = false;
  private readonly looking: LeaseAlarm;
  private readonly expiry: LeaseAlarm;

  /**
   * @param me names this host as no other is named
   * @param span in ms
   */
  constructor(
    private readonly leases: OpenLeases,
    private readonly name: string,
    private readonly me: string,
    private readonly span: number,
    private readonly scheduler: Scheduler,
    private readonly owner: LeaseOwner,
  ) {
    this.looking = new LeaseAlarm(scheduler, () => {
      this.look();
    });
    this.expiry = new LeaseAlarm(scheduler, () => {
      this.lose();
    });
  }

  begin(): void {
    this.look();
  }

  /** Begins with a lease that has been taken already, and that counts from now on. */
  goOn(fence: number): void {
    this.fence = this.own = fence;
    this.holdUntil(this.scheduler.now() + HOLD * this.span);
    this.look();
  }

  /** Sets the lease free, and wants it no more. It never rejects. */
  async release(): Promise<void> {
    const { fence, own } = this;
    this.vanish();
    if (fence === undefined) return;
    try {
      if ((await this.leases.write(this.name, '', own)) !== undefined) return;
      // A renewal was under way.
      const { holder, number } = await this.leases.read(this.name);
      if (holder === this.me) await this.leases.write(this.name, '', number);
    } catch {
      // The others wait until it is over.
    }
  }

  /** Whether it is this host's now, also where the timer is late that says so. */
  get isHeld(): boolean {
    return this.fence !== undefined && this.scheduler.now() < this.until;
  }

  /** Does nothing any more, as when the process has ended. */
  vanish(): void {
    this.isOver = true;
    this.fence = undefined;
    this.looking.cancel();
    this.expiry.cancel();
  }

  /** The store says that somebody else is at work: that counts more than what is known here. */
  lose(): void {
    if (this.fence === undefined) return;
    this.fence = undefined;
    this.seen = undefined;
    this.hasSaid = false;
    this.expiry.cancel();
    this.owner.lost();
    this.lookIn(LOOK);
  }

  private look(): void {
    if (this.isOver) return;
    this.lookIn(this.fence === undefined ? LOOK : RENEW);
    const at = this.scheduler.now();
    if (this.asked !== undefined) {
      // What has not been answered yet is not asked again, unless it seems that it never will be.
      if (at < this.asked.at + PATIENCE * this.span) return;
      this.owner.failed(new Error(`there is no answer within ${formatMs(at - this.asked.at)}`));
    }
    const asked = (this.asked = { at });
    (this.fence === undefined ? this.tryToTake() : this.renew())
      .catch((error: unknown) => {
        if (this.isOver || this.asked !== asked) return;
        this.lookIn(LOOK);
        this.owner.failed(error);
      })
      .finally(() => {
        if (this.asked === asked) this.asked = undefined;
      });
  }

  private async renew(): Promise<void> {
    const { fence } = this;
    if (await this.write(this.own)) return;
    const mark = await this.leases.read(this.name);
    // It may have been lost meanwhile, and gained anew.
    if (this.fence !== fence) return;
    // A renewal of which no answer has come.
    if (mark.holder === this.me) await this.write(mark.number);
    else this.lose();
  }

  private async tryToTake(): Promise<void> {
    const mark = await this.leases.read(this.name);
    if (this.isOver) return;
    if (this.isFree(mark) && (await this.write(mark.number))) return;
    this.sayOnce(mark.holder);
  }

  private sayOnce(holder: string): void {
    if (this.isOver || this.hasSaid || this.fence !== undefined) return;
    this.hasSaid = true;
    this.owner.standsBy(holder);
  }

  /** By how long the same mark has stood there while this host has looked on; its own of before is nobody's. */
  private isFree({ number, holder }: Mark): boolean {
    if (holder === '' || holder === this.me) return true;
    const now = this.scheduler.now();
    if (this.seen?.number !== number) this.seen = { number, since: now };
    return now - this.seen.since >= STALE * this.span;
  }

  /** Says whether the lease is this host's by it. */
  private async write(after: number): Promise<boolean> {
    const { scheduler, span, fence } = this;
    const until = scheduler.now() + HOLD * span;
    const number = await this.leases.write(this.name, this.me, after);
    if (number === undefined) return false;
    // A later one may have been answered before it.
    if (this.isOver || this.fence !== fence || number <= this.own) return true;
    this.own = number;
    // An answer that comes too late shows nothing, and the next look begins anew.
    if (scheduler.now() >= until) return true;
    this.holdUntil(until);
    if (fence === undefined) {
      this.fence = number;
      this.lookIn(RENEW);
      this.owner.gained(number);
    }
    return true;
  }

  private holdUntil(instant: number): void {
    this.until = instant;
    this.expiry.arm(instant);
  }

  private lookIn(share: number): void {
    if (!this.isOver) this.looking.arm(this.scheduler.now() + share * this.span);
  }
}
