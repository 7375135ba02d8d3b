import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { ActiveRun, AttemptOwner } from '../run/ActiveRun';
import type { HandlerFailure } from '../run/HandlerError';
import type { Lane } from './Lane';

/**
 * What the triggers of an operator are: values, jobs that are kept, or calls that want an answer. It makes their runs,
 * and is told what becomes of each.
 */
export interface TriggerKind<T, R> {
  /** What the handler, the trace and errors are given of one. */
  shown(trigger: T): unknown;
  open(owner: AttemptOwner<T, R>, trigger: T, attempt: number, lane: Lane<T>): ActiveRun<T, R>;
  /** The operator has it, and decides what becomes of it. */
  taken(trigger: T): void;
  settled(trigger: T): void;
  /** Its last attempt has failed. */
  failed(trigger: T, code: HandlerFailure['code'], cause: unknown): void;
  /** It gets no run. @param cause what has failed, if something has */
  dropped(trigger: T, reason: DropReason, cause?: unknown): void;
  aborted(trigger: T, reason: AbortReason): void;
  /** The operator takes none any more. */
  closed(): void;
}
