import { hostNow } from '../../time/clock/hostTurn';
import type { Activity } from '../../trace/Activity';
import type { RunEntry } from '../../trace/Ledger';
import { cpuTime } from './HostResources';
import type { ForeignWait } from './ForeignHold';

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

interface Hold {
  readonly since: number;
  readonly changes: number;
  cpu: number | undefined;
  judgedAt: number;
}

/**
 * Guesses, on a host that does not tell what it has under way, whether somebody waits for something foreign. A run
 * that waits for nothing of the kit's computes, or waits for that, or for a plain timer that is virtual itself: time
 * stands still for a short while, once for each handler.
 */
export class BlindGuess {
  private readonly patient = new Set<string>();
  private blindHolds = 0;
  /** Since when somebody besides the runs waits for something foreign of which nothing is seen. */
  private unseenSince: number | undefined;
  private hold: Hold | undefined;
  /** The changes of the runs when a guess was given up. */
  private givenUpAt = -1;

  constructor(
    private readonly activity: Activity,
    private readonly awakeRuns: () => readonly RunEntry[],
  ) {}

  holds(wait: ForeignWait): boolean {
    if (wait === 'none') this.unseenSince = undefined;
    else if (this.isUnseenFor(wait === 'likely' ? BLIND_GRACE : STEP)) return true;
    const { awake, changes } = this.activity;
    if (awake === 0 || changes === this.givenUpAt || !this.hasImpatient()) {
      this.hold = undefined;
      return false;
    }
    if (this.hold?.changes !== changes) {
      const since = hostNow();
      this.hold = { since, changes, cpu: cpuTime(), judgedAt: since };
    }
    if (hostNow() - this.hold.since < BLIND_GRACE || this.isComputing(this.hold)) return true;
    this.giveUp();
    return false;
  }

  /** What was waited for is seen. */
  isSeen(): void {
    this.unseenSince = undefined;
  }

  private isUnseenFor(limit: number): boolean {
    this.unseenSince ??= hostNow();
    return hostNow() - this.unseenSince < limit;
  }

  /** Whether the process is busy though nothing runs here. */
  private isComputing(hold: Hold): boolean {
    const now = hostNow();
    if (hold.cpu === undefined || now - hold.since > COMPUTING_GRACE) return false;
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

  private giveUp(): void {
    this.blindHolds++;
    for (const { agent, stream } of this.awakeRuns()) {
      this.patient.add(`${agent}.${stream}`);
      this.patient.add(`.${stream}`);
    }
    this.givenUpAt = this.activity.changes;
    this.hold = undefined;
  }
}
