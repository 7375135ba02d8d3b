import { hostNow } from '../time/hostTurn';
import type { Activity } from '../trace/Activity';
import type { RunEntry } from '../trace/Ledger';
import { cpuTime, HostResources } from './HostResources';

/** Whether somebody besides the runs waits for something foreign, as far as can be told. */
export type ForeignWait = 'none' | 'possible' | 'likely';

/** A file is read in steps, not all of which every host shows: one may take so many real ms. */
const STEP = 10;
/** How long time is held, in real ms, for a run that is awake when nothing shows what it waits for; */
const BLIND_GRACE = 50;
/** how much longer while other threads of the process compute, as for zlib and crypto; */
const COMPUTING_GRACE = 1000;
/** by what share of a core and in which steps that is judged; */
const COMPUTING_SHARE = 0.2;
const COMPUTING_STEP = 25;
/** and how often, before a run counts as known by its stream's name, whichever agent it is of. */
const BLIND_HOLDS = 5;

/**
 * Decides whether virtual time has to stand still since somebody waits for something foreign.
 *
 * A run that waits for nothing of the kit's computes, or waits for a file, a socket, or a plain timer that is
 * virtual itself. Node tells of files and sockets. Where it does not, time stands still for a short while, once for
 * each handler: one that was not done by then is taken to wait for virtual time.
 */
export class ForeignHold {
  /** Whether the cap has passed while a handler waited for something that it has itself said to be foreign. */
  hasExpired = false;
  private readonly resources = new HostResources();
  private readonly patient = new Set<string>();
  private blindHolds = 0;
  /** Since when somebody besides the runs waits for something foreign of which nothing is seen. */
  private unseenSince: number | undefined;
  /** The hold that is on: since when, and how many changes of the runs there had been by then. */
  private hold:
    | { readonly since: number; readonly changes: number; cpu: number | undefined; judgedAt: number }
    | undefined;
  /** Since when the body seems to be stuck. */
  private stuckSince: number | undefined;
  /** The changes of the runs when a blind hold was given up. */
  private givenUpAt = -1;

  /** @param cap how long time may be held at most, in real ms */
  constructor(
    private readonly activity: Activity,
    private readonly awakeRuns: () => readonly RunEntry[],
    private readonly cap: number,
  ) {}

  holds(wait: ForeignWait): boolean {
    const { awake, external } = this.activity;
    if (wait === 'none') this.unseenSince = undefined;
    if (awake === 0 && external === 0 && wait === 'none') return this.release();
    if (external > 0) return this.holdUpTo(this.cap) || this.expire();
    if (this.resources.areInUse()) {
      this.unseenSince = undefined;
      return this.holdUpTo(this.cap) || this.giveUp();
    }
    if (wait !== 'none' && this.isUnseenFor(wait === 'likely' ? BLIND_GRACE : STEP)) return true;
    if (awake === 0 || this.activity.changes === this.givenUpAt || !this.hasImpatient())
      return this.release();
    return this.holdUpTo(BLIND_GRACE) || this.isComputing() || this.giveUp();
  }

  /** Holds time for a body that seems to be stuck; only what the host does not show can still come. */
  holdsForBody(): boolean {
    if (this.activity.changes === this.givenUpAt) return false;
    this.stuckSince ??= hostNow();
    return hostNow() - this.stuckSince < BLIND_GRACE;
  }

  /** Takes note that time has gone on. */
  wentOn(): void {
    this.stuckSince = undefined;
  }

  private isUnseenFor(limit: number): boolean {
    this.unseenSince ??= hostNow();
    return hostNow() - this.unseenSince < limit;
  }

  private holdUpTo(limit: number): boolean {
    const { changes } = this.activity;
    if (this.hold?.changes !== changes) {
      const since = hostNow();
      this.hold = { since, changes, cpu: cpuTime(), judgedAt: since };
    }
    return hostNow() - this.hold.since < limit;
  }

  /** Whether the process is busy though nothing runs here. */
  private isComputing(): boolean {
    const { hold } = this;
    const now = hostNow();
    if (hold?.cpu === undefined || now - hold.since > COMPUTING_GRACE) return false;
    if (now - hold.judgedAt < COMPUTING_STEP) return true;
    const cpu = cpuTime() ?? 0;
    const share = (cpu - hold.cpu) / (now - hold.judgedAt);
    hold.cpu = cpu;
    hold.judgedAt = now;
    return share > COMPUTING_SHARE;
  }

  private hasImpatient(): boolean {
    const isLongKnown = this.blindHolds >= BLIND_HOLDS;
    return this.awakeRuns().some(
      ({ agent, stream }) =>
        !this.patient.has(`${agent}.${stream}`) && !(isLongKnown && this.patient.has(`.${stream}`)),
    );
  }

  private giveUp(): false {
    this.blindHolds++;
    for (const { agent, stream } of this.awakeRuns()) {
      this.patient.add(`${agent}.${stream}`);
      this.patient.add(`.${stream}`);
    }
    this.givenUpAt = this.activity.changes;
    this.resources.accept('all');
    this.hold = undefined;
    return false;
  }

  private expire(): false {
    this.hasExpired = true;
    return false;
  }

  private release(): false {
    if (this.hold !== undefined) this.resources.accept('lasting');
    this.hold = undefined;
    return false;
  }
}
