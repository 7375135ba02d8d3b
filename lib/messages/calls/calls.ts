import { EMPTY } from 'rxjs';
import { codeOf, messageOf } from '../../readError';
import type { Handler } from '../../handlers/policies/Handler';
import type { Lane } from '../../handlers/policies/Lane';
import type { TriggerKind } from '../../handlers/policies/TriggerKind';
import type { AttemptOwner } from '../../handlers/run/ActiveRun';
import type { DropReason } from '../../trace/TraceEvent';
import type { CallHandler, ServedCall } from '../bus/AgentBus';
import { CallRun } from './CallRun';
import type { IncomingCall } from './IncomingCall';

type Served = ServedCall<unknown, unknown>;
type CallOwner = AttemptOwner<IncomingCall, Served>;

/** Calls: whatever becomes of one it is answered, unless it has been called off. */
class Calls implements TriggerKind<IncomingCall, Served> {
  shown({ input }: IncomingCall): unknown {
    return input;
  }

  open(owner: CallOwner, call: IncomingCall, attempt: number, lane: Lane<IncomingCall>): CallRun {
    return new CallRun(owner, call, attempt, lane);
  }

  taken(): void {
    // Its caller waits for the answer.
  }

  settled(): void {
    // Its run has answered.
  }

  failed(call: IncomingCall, code: string, cause: unknown): void {
    call.fail(codeOf(cause) ?? code, messageOf(cause));
  }

  dropped(call: IncomingCall, reason: DropReason, cause?: unknown): void {
    if (cause !== undefined) this.failed(call, 'handler-failed', cause);
    else if (reason === 'overflow') call.fail(reason, 'too many calls wait already');
    else this.aborted(call);
  }

  aborted(call: IncomingCall): void {
    call.fail('unreachable', 'its server has stopped');
  }

  closed(): void {
    // Those that are in flight are aborted.
  }
}

export const calls: TriggerKind<IncomingCall, Served> = /* @__PURE__ */ new Calls();

/** Has a handler work on a call. What it gives is made the answer by the run. */
export function served(handler: CallHandler<unknown, unknown>): Handler<IncomingCall, Served> {
  return (call, run) =>
    // It may have been called off while it waited for its turn.
    call.isOver ? EMPTY : (handler(call.input, run) as PromiseLike<Served>);
}
