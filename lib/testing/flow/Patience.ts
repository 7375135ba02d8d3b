import { hostNow } from '../../time/clock/hostTurn';

/** How much may happen while somebody waits and only repeating timers go on. */
export interface IdleBounds {
  readonly instants: number;
  readonly tasks: number;
}

/** How much it is, if the test itself sets no end. */
const IDLE = { instants: 100_000, tasks: 10_000_000 };
const FOREVER = { instants: Infinity, tasks: Infinity };

export function idleBounds(hasEndOfItsOwn: boolean): IdleBounds {
  return hasEndOfItsOwn ? FOREVER : IDLE;
}

/** After so many real ms it is looked whether what is waited for can still come; then after four times as many. */
const FIRST_LOOK = 25;
const LOOKS_APART = 4;

/**
 * Decides when a body has waited enough beside nothing but repeating timers, which may or may not bring what it
 * waits for. Bounds are of instants and tasks, not of real time: what they decide is the same each time.
 */
export class Patience {
  private instants = 0;
  private tasksBefore = 0;
  private since = 0;
  private lookAfter = FIRST_LOOK;

  constructor(private readonly bounds: IdleBounds) {}

  /** Something else has happened. */
  renew(): void {
    this.instants = 0;
  }

  /**
   * Another instant passes.
   *
   * @param tasks how many have run so far
   */
  isOver(tasks: number): boolean {
    if (this.instants === 0) {
      this.tasksBefore = tasks;
      this.since = hostNow();
      this.lookAfter = FIRST_LOOK;
    }
    return ++this.instants > this.bounds.instants || tasks - this.tasksBefore > this.bounds.tasks;
  }

  /** Whether to look now, which costs something, if there is anybody left who could bring it. */
  wantsToLook(): boolean {
    if (hostNow() - this.since < this.lookAfter) return false;
    this.lookAfter *= LOOKS_APART;
    return true;
  }
}
