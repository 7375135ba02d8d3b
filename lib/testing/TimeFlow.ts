import { afterHostNap, onHostTurn } from '../time/hostTurn';
import { ENDLESS, FINITE, INTERVAL } from '../time/rank';
import type { Scheduler } from '../time/Scheduler';
import type { VirtualClock } from '../time/VirtualClock';
import type { ForeignHold, ForeignWait } from './ForeignHold';

/** What time is let pass for. */
export interface Goal {
  /** Lets begin what was made since the last instant. */
  begin(): void;
  /** Whether somebody still waits: a body that has not ended, a host that stops. */
  isWaiting(): boolean;
  /** Whether what they wait for is nothing of the kit's. */
  foreignWait(): ForeignWait;
  /** The last instant that has to be reached in any case. */
  horizon(): number;
  /** Whether something has gone wrong that ends the test. */
  hasFailed(): boolean;
}

export interface Bounds {
  /** The last instant, if one is set. */
  readonly until: number;
  /** How many instants time may stop at beyond those that somebody wants to reach. */
  readonly instants: number;
}

/** Why time has come to a halt. */
export type Ending = 'done' | 'until' | 'stuck' | 'expired' | 'endless';

/** How many more instants plain intervals are given to end by themselves when nothing else is left. */
const INTERVAL_GRACE = 1000;
/** How many instants with nothing but repeating timers a body may wait through. */
const IDLE_INSTANTS = 100_000;
/** How many turns, and how many tasks, one instant may take. */
const TURNS_AT_INSTANT = 20_000;
const TASKS_AT_INSTANT = 500_000;
/** After so many turns of waiting for something foreign the host may nap in between. */
const WAKEFUL_TURNS = 64;

/**
 * Lets virtual time pass, from one armed instant to the next. It goes on only when a whole macrotask turn of the
 * host has passed since: by then every promise chain has run out, however deep.
 */
export class TimeFlow {
  /** The instant at which nothing was left but plain intervals, if they did not end by themselves. */
  cutAt = Infinity;
  private instants = 0;
  private idleInstants = 0;
  private turns = 0;
  /** How many tasks may have run when time goes on from this instant. */
  private mostTasks = Infinity;
  private heldTurns = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly scheduler: Scheduler,
    private readonly hold: ForeignHold,
    private readonly bounds: Bounds,
  ) {}

  /** Lets time pass until the goal is reached, or cannot be. */
  run(goal: Goal): Promise<Ending> {
    this.idleInstants = 0;
    return new Promise((resolve) => {
      const step = (): void => {
        if (!goal.hasFailed() && this.hold.holds(goal.foreignWait())) {
          this.wait(step);
          return;
        }
        const ending = this.advance(goal);
        if (ending === 'stuck' && this.hold.holdsForBody()) {
          this.wait(step);
        } else if (ending === undefined) {
          this.heldTurns = 0;
          this.hold.wentOn();
          onHostTurn(step);
        } else {
          resolve(ending);
        }
      };
      onHostTurn(step);
    });
  }

  /** The same without a turn of the host in between: what is asynchronous does not take part. */
  runSynchronously(goal: Goal): Ending {
    this.idleInstants = 0;
    for (;;) {
      const ending = this.advance(goal);
      if (ending !== undefined) return ending;
    }
  }

  /** What is quick comes within some turns; for the rest the core is left to whoever works. */
  private wait(step: () => void): void {
    if (++this.heldTurns < WAKEFUL_TURNS) onHostTurn(step);
    else afterHostNap(step);
  }

  /** Goes on by one instant, or says why not. */
  private advance(goal: Goal): Ending | undefined {
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
      if (this.scheduler.count(FINITE) === 0) {
        if (goal.isWaiting()) {
          if (++this.idleInstants > IDLE_INSTANTS) return 'stuck';
        } else if (bounds.until === Infinity && !this.givesGraceToIntervals()) {
          return 'done';
        }
      }
      if (next > clock.now() && bounds.until === Infinity && ++this.instants > bounds.instants)
        return 'endless';
    }
    if (this.isCaughtAt(next)) return 'endless';
    clock.advanceTo(next);
    return undefined;
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
    if (this.scheduler.count(INTERVAL) === 0 || this.scheduler.count(ENDLESS) > 0) return false;
    if (this.cutAt === Infinity) {
      this.cutAt = this.clock.now();
      this.idleInstants = 0;
    }
    return ++this.idleInstants <= INTERVAL_GRACE;
  }

  /** Whether time does not get on, since what runs at an instant goes on and on at it. */
  private isCaughtAt(next: number): boolean {
    if (next > this.clock.now() || this.mostTasks === Infinity) {
      this.turns = 0;
      // What is armed by now may all be for one instant.
      this.mostTasks = this.scheduler.ran + this.scheduler.size + TASKS_AT_INSTANT;
      return false;
    }
    return ++this.turns > TURNS_AT_INSTANT || this.scheduler.ran > this.mostTasks;
  }
}
