import type { VirtualClock } from '../../time/virtual/VirtualClock';
import type { Activity } from '../../trace/Activity';
import type { LedgerEntry, RunEntry } from '../../trace/Ledger';
import type { TraceEvent } from '../../trace/TraceEvent';
import { unheard } from './asyncHook';
import { BlindGuess } from './BlindGuess';
import { BlindWork } from './BlindWork';
import { ForeignHold } from './ForeignHold';
import { type Guess, Guesses } from './Guesses';
import { HookedWork } from './HookedWork';
import type { HostWork } from './HostWork';
import type { ClockUser } from '../session/TestClock';
import type { TestContext } from '../session/TestContext';
import type { Surroundings } from '../flow/TimeFlow';
import { trackPromises } from './trackPromises';

/** Whose runs may wait for something foreign. */
export interface WatchedHost {
  readonly activity: Activity;
  ledger(): readonly LedgerEntry[];
}

/** All that a test knows of what is foreign to it, and that it does not. */
export class ForeignWatch implements Surroundings, ClockUser {
  private readonly work: HostWork;
  private readonly notes: Guesses;

  constructor(
    context: TestContext,
    clock: VirtualClock,
    private readonly host: WatchedHost,
    private readonly maxHold: number,
  ) {
    this.work = HookedWork.make(context) ?? new BlindWork();
    this.notes = new Guesses(clock, this.awakeRuns);
  }

  get guesses(): readonly Guess[] {
    return [...this.notes.all];
  }

  /** Begins to watch, and gives the way to end it. */
  begin(): () => void {
    this.work.begin();
    const endTracking = trackPromises(this.work);
    return () => {
      endTracking();
      this.work.end();
    };
  }

  hold(): ForeignHold {
    const { host, work, notes, awakeRuns, maxHold } = this;
    const { activity } = host;
    const guess = work.tells ? undefined : new BlindGuess(activity, awakeRuns);
    return new ForeignHold(activity, work, notes, guess, maxHold);
  }

  unnoticed(work: () => void): void {
    unheard(work);
  }

  turnBegins(): void {
    this.notes.turnBegins(this.work.progress);
  }

  get instantEnds(): () => void {
    return this.notes.instantEnds;
  }

  readonly take = (event: TraceEvent): void => {
    this.notes.take(event);
  };

  acts(): void {
    this.notes.bodyActs();
  }

  externalBegins(): void {
    this.host.activity.external++;
  }

  externalEnds(): void {
    this.host.activity.external--;
  }

  private readonly awakeRuns = (): RunEntry[] =>
    this.host
      .ledger()
      .filter((entry) => entry.kind === 'run')
      .filter(({ parked, isAborted }) => parked.length === 0 && !isAborted);
}
