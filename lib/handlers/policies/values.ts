import { AgentError } from '../../AgentError';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import { ActiveRun, type AttemptOwner } from '../run/ActiveRun';
import { type Hold, holdOf } from './Hold';
import type { Lane } from './Lane';
import type { TriggerKind } from './TriggerKind';

/** The values of a stream. Whoever holds something open for one learns what becomes of it. */
class Values implements TriggerKind<unknown, unknown> {
  shown(trigger: unknown): unknown {
    return trigger;
  }

  open(
    owner: AttemptOwner<unknown, unknown>,
    trigger: unknown,
    attempt: number,
    lane: Lane<unknown>,
  ): ActiveRun {
    return new ActiveRun(owner, trigger, attempt, lane);
  }

  taken(trigger: unknown): void {
    holdOf(trigger)?.taken();
  }

  settled(trigger: unknown): void {
    holdOf(trigger)?.done();
  }

  failed(trigger: unknown, _code: string, cause: unknown): void {
    holdOf(trigger)?.failed(cause);
  }

  dropped(trigger: unknown, reason: DropReason, cause?: unknown): void {
    const hold = holdOf(trigger);
    if (hold === undefined) return;
    if (cause === undefined) letGo(hold, reason);
    else hold.failed(cause);
  }

  aborted(trigger: unknown, reason: AbortReason): void {
    const hold = holdOf(trigger);
    if (hold !== undefined) letGo(hold, reason);
  }

  closed(): void {
    // Nothing is kept of them.
  }
}

/** What a policy leaves out is done with; what ends with its agent, or finds no room, is not. */
function letGo(hold: Hold, reason: AbortReason | DropReason): void {
  if (reason === 'overflow') hold.failed(new AgentError('overflow', 'no room is left for it'));
  else if (reason === 'stopped' || reason === 'unsubscribed') hold.abandoned();
  else hold.done();
}

const VALUES = /* @__PURE__ */ new Values();

/** One for all operators: nothing of it is of any of them. */
export function values<T, R>(): TriggerKind<T, R> {
  return VALUES as unknown as TriggerKind<T, R>;
}
