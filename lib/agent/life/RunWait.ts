import type { RunCount } from '../../trace/Ledger';
import type { Alarms } from './Alarms';
import type { LifeEvent } from './LifeState';

/** The life whose runs are waited for. */
export interface RunningLife {
  countRuns(runs: RunCount): number;
}

/** Waits for the runs of a life that ends, up to the deadline of each part of its end. */
export class RunWait {
  private awaited: RunCount | undefined;
  private life: RunningLife | undefined;

  constructor(private readonly alarms: Alarms) {}

  /**
   * Begins to wait: `quiet` if there is nothing to wait for, and `late` if there is no time.
   *
   * @param due the deadline; without one that of the part before stands
   */
  begin(life: RunningLife, runs: RunCount, due: number | undefined): LifeEvent | undefined {
    if (due !== undefined) this.alarms.disarm('late');
    if (life.countRuns(runs) === 0) return 'quiet';
    if (due === -Infinity) return 'late';
    this.life = life;
    this.awaited = runs;
    if (due !== undefined && due < Infinity) this.alarms.arm('late', due);
    return undefined;
  }

  /** Whether all have come to their end that are waited for. It is so once. */
  get isOver(): boolean {
    if (this.awaited === undefined || this.life?.countRuns(this.awaited) !== 0) return false;
    this.pause();
    return true;
  }

  /** Waits for no run for a while; the deadline stands. */
  pause(): void {
    this.awaited = undefined;
    this.life = undefined;
  }

  end(): void {
    this.pause();
    this.alarms.disarm('late');
  }
}
