import { toKey } from '../../time/operators/toKey';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import { Lane, type LaneOwner } from './Lane';

/** The lanes of an operator: one, or with a `key` one for each key that is not at rest. */
export class Lanes<T> {
  private only: Lane<T> | undefined;
  private byKey: Map<unknown, Lane<T>> | undefined;

  constructor(private readonly owner: LaneOwner<T>) {}

  get areAtRest(): boolean {
    return this.only?.isAtRest !== false && (this.byKey === undefined || this.byKey.size === 0);
  }

  /**
   * The lane of a trigger.
   *
   * @throws what `key` throws, and AgentError `bad-option` if that is async
   */
  of(trigger: T): Lane<T> {
    const { key } = this.owner.plan;
    if (key === undefined) return (this.only ??= new Lane(this.owner));
    const of = toKey(key(trigger));
    this.byKey ??= new Map();
    const known = this.byKey.get(of);
    if (known !== undefined) return known;
    const lane = new Lane(this.owner, of);
    this.byKey.set(of, lane);
    return lane;
  }

  /** Lets go of a lane that is at rest: nothing is kept of its key. */
  look(lane: Lane<T>): void {
    if (this.byKey !== undefined && lane.isAtRest && this.byKey.get(lane.key) === lane)
      this.byKey.delete(lane.key);
  }

  pump(): void {
    for (const lane of this.all()) lane.pump();
  }

  drop(reason: DropReason): void {
    for (const lane of this.all()) {
      lane.drop(reason);
      this.look(lane);
    }
  }

  abortLatest(reason: AbortReason): void {
    for (const lane of this.all()) lane.latest?.abort(reason);
  }

  /** Aborts the latest run of the trigger's own lane. A key that cannot be told is told of when the trigger gets here. */
  abortLatestOf(trigger: T, reason: AbortReason): void {
    const { key } = this.owner.plan;
    try {
      const lane = key === undefined ? this.only : this.byKey?.get(toKey(key(trigger)));
      lane?.latest?.abort(reason);
    } catch {
      // See above.
    }
  }

  private all(): readonly Lane<T>[] {
    if (this.byKey !== undefined) return [...this.byKey.values()];
    return this.only === undefined ? [] : [this.only];
  }
}
