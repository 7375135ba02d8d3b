import type { RunCount } from '../../trace/Ledger';
import type { LifecycleMoment } from '../definition/Lifecycle';
import type { Alarms } from './Alarms';
import type { Effect, LifeEvent } from './LifeState';

/** The life that ends. */
export interface EndingLife {
  readonly isOnBus: boolean;
  countRuns(runs: RunCount): number;
  cut(runs: RunCount): void;
  emit(type: LifecycleMoment): void;
  leaveBus(): void;
}

/** The end of one life, in its parts: each waits for runs up to a deadline, after which those that are left are cut off. */
export class LifeEnding {
  private awaited: RunCount | undefined;

  constructor(
    private readonly life: EndingLife,
    private readonly alarms: Alarms,
    /** How long each part may take, in ms. */
    private readonly timeout: number,
  ) {}

  /** @param isHurried whether nothing is waited for */
  perform(effect: Effect, isHurried: boolean): LifeEvent | undefined {
    const { life } = this;
    switch (effect) {
      case 'await drained':
      case 'await finished':
        return this.await('inFlight', isHurried);
      case 'await stopped':
        return this.await('unfinished', isHurried);
      case 'await cleared':
        return this.awaitOn('unfinished');
      case 'cut in flight':
        life.cut('inFlight');
        return undefined;
      case 'cut all':
        life.cut('unfinished');
        return undefined;
      case 'emit stop':
        life.emit('stop');
        return undefined;
      case 'let pass':
        this.awaited = undefined;
        if (!life.isOnBus) return 'turned';
        this.alarms.armIn('turned', 0);
        return undefined;
      case 'leave bus':
        life.leaveBus();
        return undefined;
      case 'emit finish':
        life.emit('finish');
        return undefined;
      default:
        return undefined;
    }
  }

  /** A run has come to its end. Says whether all have that are waited for; it is so once. */
  runEnded(): boolean {
    if (this.awaited === undefined || this.life.countRuns(this.awaited) > 0) return false;
    this.awaited = undefined;
    return true;
  }

  end(): void {
    this.awaited = undefined;
    this.alarms.disarm('late');
    this.alarms.disarm('turned');
  }

  /** Begins a part, with a deadline of its own. */
  private await(runs: RunCount, isHurried: boolean): LifeEvent | undefined {
    this.alarms.disarm('late');
    if (this.life.countRuns(runs) > 0 && isHurried) return 'late';
    const event = this.awaitOn(runs);
    if (event === undefined) this.alarms.armIn('late', this.timeout);
    return event;
  }

  /** Waits on, under the deadline that there is. */
  private awaitOn(runs: RunCount): LifeEvent | undefined {
    if (this.life.countRuns(runs) === 0) return 'quiet';
    this.awaited = runs;
    return undefined;
  }
}
