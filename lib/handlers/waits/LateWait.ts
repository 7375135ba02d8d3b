import type { ParkKind } from '../../trace/TraceEvent';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';
import { PromisedWait } from './PromisedWait';
import type { WaitList } from './Wait';

/** A wait for something foreign that a search lets come later than it has come. */
export class LateWait<V> extends PromisedWait<V> implements Task {
  private slot = NO_SLOT;
  private end: () => void = () => undefined;

  constructor(
    waits: WaitList,
    on: ParkKind,
    what: string,
    private readonly lateness: number,
  ) {
    super(waits, on, what);
  }

  /** Time has to go on for it to come, so the host's own work alone holds it. */
  override hasDeadline(): boolean {
    return true;
  }

  override endWith(make: () => PromiseLike<V>): this {
    try {
      make().then(
        (value) => {
          this.later(() => {
            this.succeed(value);
          });
        },
        (error: unknown) => {
          this.later(() => {
            this.fail(error);
          });
        },
      );
    } catch (error) {
      this.fail(error);
    }
    return this;
  }

  run(): void {
    this.slot = NO_SLOT;
    this.end();
  }

  override close(): boolean {
    if (!super.close()) return false;
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
    return true;
  }

  private later(end: () => void): void {
    if (this.isOver) return;
    const { scope, rank } = this.waits.run;
    this.end = end;
    this.slot = scope.arm(scope.now() + this.lateness, this, rank);
  }
}

/** A wait for something foreign, which a search may let come later. */
export function foreignWait<V>(waits: WaitList, on: 'external' | 'offload', what: string): PromisedWait<V> {
  const { agent, deviations } = waits.run.scope;
  const lateness = deviations?.lateness(on, agent, what) ?? 0;
  return lateness === 0 ? new PromisedWait<V>(waits, on, what) : new LateWait<V>(waits, on, what, lateness);
}
