import { endTurn } from '../../time/clock/turnEnd';
import { afterHostNap, onHostTurn } from '../../time/clock/hostTurn';
import { ENDLESS, FINITE, INTERVAL, type Rank } from '../../time/queue/rank';
import type { VirtualClock } from '../../time/virtual/VirtualClock';
import type { ForeignHold, Waiting } from '../foreign/ForeignHold';
import { InstantLimit, type Tasks } from './InstantLimit';
import { type IdleBounds, Patience } from './Patience';

/** What time is let pass for. */
export interface Goal extends Waiting {
  /** Lets begin what was made since the last instant. */
  begin(): void;
  /** The last instant that has to be reached in any case. */
  horizon(): number;
  /** Whether something has gone wrong that ends the test. */
  hasFailed(): boolean;
  /** Whether nobody is left who could ever bring what is waited for; to find out costs some ms. */
  isLost?(): boolean;
  /** All that an instant has led to has gone on. Says whether more has been done now, which has to go on, too. */
  turnEnds?(): boolean;
  /** For how many ms nothing runs before the next instant. Default not at all. */
  stall?(): number;
}

export interface Bounds {
  /** The last instant, if one is set. */
  readonly until: number;
  /** How many instants time may stop at beyond those that somebody wants to reach. */
  readonly instants: number;
  /** How long somebody may wait while nothing but repeating timers goes on. */
  readonly idle: IdleBounds;
}

/** What is armed, on all hosts of the test. */
export interface ArmedTasks extends Tasks {
  count(rank: Rank): number;
}

/** Those among whom time passes. */
export interface Surroundings {
  /** Calls somebody who arms what is not the test's own. */
  unnoticed(work: () => void): void;
  /** A turn begins in which time may go on. */
  turnBegins(): void;
  /** All microtasks of an instant have run out: whoever acts from now on has been called by something foreign. */
  readonly instantEnds: () => void;
}

/**
 * Why time has come to a halt. Whoever waits is `stuck` when nothing is armed; `lost` when only repeating timers are,
 * and nothing holds on to what is waited for; `idle` when they have gone on for long without bringing it.
 */
export type Ending = 'done' | 'until' | 'stuck' | 'lost' | 'idle' | 'expired' | 'endless';

/** How many more instants plain intervals are given to end by themselves when nothing else is left. */
const INTERVAL_GRACE = 1000;
/** After so many turns of waiting for something foreign the host may nap in between. */
const WAKEFUL_TURNS = 64;
/** An instant at which so many turns end with something to keep has no end. */
const MOST_TURNS = 100_000;

/**
 * Lets virtual time pass, from one armed instant to the next. It goes on only when a whole macrotask turn of the
 * host has passed since: by then every promise chain has run out, however deep.
 */
export class TimeFlow {
  /** The instant at which nothing was left but plain intervals, if they did not end by themselves. */
  cutAt = Infinity;
  private instants = 0;
  private graceInstants = 0;
  private readonly patience: Patience;
  private readonly instant = new InstantLimit();
  private heldTurns = 0;
  private turns = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly tasks: ArmedTasks,
    private readonly hold: ForeignHold,
    private readonly bounds: Bounds,
    private readonly around: Surroundings,
  ) {
    this.patience = new Patience(bounds.idle);
  }

  /** Lets time pass until the goal is reached, or cannot be. */
  run(goal: Goal): Promise<Ending> {
    this.patience.renew();
    return new Promise((resolve) => {
      const step = (): void => {
        // What is kept at the end of a turn may lead to more at the same instant.
        if (!goal.hasFailed() && endTurn() && ++this.turns < MOST_TURNS) {
          this.around.turnBegins();
          this.goOn(goal, step);
          return;
        }
        const isHeld = !goal.hasFailed() && this.hold.holds(goal);
        this.around.turnBegins();
        if (isHeld) {
          this.wait(step);
          return;
        }
        const ending = this.turns < MOST_TURNS ? this.advance(goal) : 'endless';
        if (ending === undefined) {
          this.turns = 0;
          this.heldTurns = 0;
          this.hold.wentOn();
          this.goOn(goal, step);
        } else if (isAtLast(ending) && !goal.hasFailed() && this.hold.holdsAtLast(goal)) {
          this.wait(step);
        } else {
          resolve(ending);
        }
      };
      this.goOn(goal, step);
    });
  }

  /** The same without a turn of the host in between: what is asynchronous does not take part. */
  runSynchronously(goal: Goal): Ending {
    this.patience.renew();
    for (;;) {
      const ending = this.advance(goal);
      if (ending !== undefined) return ending;
    }
  }

  private goOn(goal: Goal, step: () => void): void {
    this.around.unnoticed(() => {
      onHostTurn(step);
      // It comes in the same turn, when the microtasks of the step have run out.
      if (this.hold.isBlind(goal)) onHostTurn(this.around.instantEnds);
    });
  }

  /** What is quick comes within some turns; for the rest the core is left to whoever works. */
  private wait(step: () => void): void {
    this.around.instantEnds();
    const takeTurn = (): void => {
      this.around.unnoticed(() => {
        onHostTurn(step);
      });
    };
    if (++this.heldTurns < WAKEFUL_TURNS) takeTurn();
    else
      this.around.unnoticed(() => {
        afterHostNap(takeTurn);
      });
  }

  /** Goes on by one instant, or says why not. */
  private advance(goal: Goal): Ending | undefined {
    if (goal.turnEnds?.() === true) return undefined;
    if (goal.hasFailed()) return 'done';
    goal.begin();
    if (this.hold.hasExpired) return 'expired';
    const { clock, bounds } = this;
    const next = clock.nextWake;
    if (next === Infinity) return this.endAtRest(goal);
    if (next > bounds.until) {
      clock.advanceTo(bounds.until);
      return 'until';
    }
    if (next > goal.horizon()) {
      if (this.tasks.count(FINITE) > 0) {
        this.patience.renew();
      } else {
        if (goal.isWaiting()) {
          const ending = this.endOfPatience(goal);
          if (ending !== undefined) return ending;
        } else if (bounds.until === Infinity && !this.givesGraceToIntervals()) {
          return 'done';
        }
      }
      if (next > clock.now() && bounds.until === Infinity && ++this.instants > bounds.instants)
        return 'endless';
    }
    if (this.instant.holdsOn(next > clock.now(), this.tasks)) return 'endless';
    const stalled = next > clock.now() ? (goal.stall?.() ?? 0) : 0;
    clock.advanceTo(stalled === 0 ? next : Math.min(next + stalled, bounds.until));
    return undefined;
  }

  private endOfPatience(goal: Goal): Ending | undefined {
    if (this.patience.isOver(this.tasks.ran)) return 'idle';
    return this.patience.wantsToLook() && goal.isLost?.() === true ? 'lost' : undefined;
  }

  private endAtRest(goal: Goal): Ending {
    if (goal.isWaiting()) return 'stuck';
    this.cutAt = Infinity;
    return 'done';
  }

  /**
   * An interval may be about to end by `take`; if it does, all that it emits counts. It is not waited for where
   * agents' own periodic timers go on beside it, which would be seen beyond their end.
   */
  private givesGraceToIntervals(): boolean {
    if (this.tasks.count(INTERVAL) === 0 || this.tasks.count(ENDLESS) > 0) return false;
    if (this.cutAt === Infinity) {
      this.cutAt = this.clock.now();
      this.graceInstants = 0;
    }
    return ++this.graceInstants <= INTERVAL_GRACE;
  }
}

/** Whether what the host does not show would come too late. */
function isAtLast(ending: Ending): boolean {
  return ending === 'stuck' || ending === 'done';
}
