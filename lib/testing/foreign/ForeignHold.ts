import { hostNow } from '../../time/clock/hostTurn';
import type { Activity } from '../../trace/Activity';
import type { HostWork } from './HostWork';

/** Whether somebody besides the runs waits for something foreign, as far as can be told. */
export type ForeignWait = 'none' | 'possible' | 'likely';

/** What waits, as time's flow knows it. */
export interface Waiting {
  /** Whether somebody still waits: a body that has not ended, a host that stops. */
  isWaiting(): boolean;
  /** Whether what they wait for is nothing of the kit's. */
  foreignWait(): ForeignWait;
}

/** Takes note of what was not known. */
export interface GuessNotes {
  /** Time goes on though something foreign may still be waited for. */
  gaveUp(): void;
}

/** What to do where the host does not tell. */
export interface Guesswork {
  holds(wait: ForeignWait): boolean;
  isSeen(): void;
}

/** How long time is held, in real ms, before it ends: only what the host does not show can still come. */
const LAST_GRACE = 50;
/** How many times the cap time may be held in all for work that goes on and on, piece by piece. */
const PIECES = 10;

/**
 * Decides whether virtual time has to stand still since somebody waits for something foreign. The host tells what it
 * has under way; where it does not, that has to be guessed.
 */
export class ForeignHold {
  /** Whether the cap has passed for something that was said to be foreign. */
  hasExpired = false;
  /** The hold that is on: since when, and what had changed by then. */
  private hold: { readonly begun: number; since: number; changes: number; progress: number } | undefined;
  /** Since when time would have come to its end. */
  private lastSince: number | undefined;
  private isExternal = false;

  /** @param cap how long time may be held for one thing at most, in real ms */
  constructor(
    private readonly activity: Activity,
    private readonly work: HostWork,
    private readonly notes: GuessNotes,
    private readonly guesswork: Guesswork | undefined,
    private readonly cap: number,
  ) {}

  holds(waiting: Waiting): boolean {
    const { work } = this;
    work.look();
    this.noteExternal();
    if (work.isUnderWay()) return this.holdUpToCap() || this.giveUp();
    if (this.isExternal) return !work.isAskingItself() && (this.holdUpToCap() || this.expire());
    const wait = waiting.foreignWait();
    const isWanted = this.activity.awake > 0 || wait !== 'none';
    if (isWanted ? work.isOpen() : waiting.isWaiting() && work.isAsking()) {
      this.guesswork?.isSeen();
      return this.holdUpToCap() || this.giveUp();
    }
    if (this.guesswork?.holds(wait) === true) return true;
    return this.release();
  }

  /** Whether somebody waits of whom it is not known for what. */
  isBlind(waiting: Waiting): boolean {
    return this.activity.awake > 0 || waiting.foreignWait() !== 'none';
  }

  /** Holds time before it ends, while somebody waits for what cannot be seen. */
  holdsAtLast(waiting: Waiting): boolean {
    if (this.activity.awake === 0 && !waiting.isWaiting()) return false;
    this.lastSince ??= hostNow();
    return hostNow() - this.lastSince < LAST_GRACE;
  }

  /** Takes note that time has gone on. */
  wentOn(): void {
    this.lastSince = undefined;
  }

  private noteExternal(): void {
    const isExternal = this.activity.external > 0;
    if (isExternal && !this.isExternal) this.work.externalBegins();
    this.isExternal = isExternal;
  }

  private holdUpToCap(): boolean {
    const { changes } = this.activity;
    const { progress } = this.work;
    const now = hostNow();
    this.hold ??= { begun: now, since: now, changes, progress };
    const { hold } = this;
    if (hold.changes !== changes || hold.progress !== progress) {
      hold.since = now;
      hold.changes = changes;
      hold.progress = progress;
    }
    return now - hold.since < this.cap && now - hold.begun < this.cap * PIECES;
  }

  private giveUp(): false {
    this.notes.gaveUp();
    this.work.accept('all');
    this.hold = undefined;
    return false;
  }

  private expire(): false {
    this.hasExpired = true;
    return false;
  }

  private release(): false {
    if (this.hold !== undefined) this.work.accept('lasting');
    this.hold = undefined;
    return false;
  }
}
