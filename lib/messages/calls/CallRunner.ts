import { EMPTY, type Subscriber } from 'rxjs';
import { codeOf, messageOf } from '../../readError';
import type { ActiveRun } from '../../handlers/run/ActiveRun';
import type { HandlerResult } from '../../handlers/policies/Handler';
import type { HandlerFailure } from '../../handlers/run/HandlerError';
import type { Lane } from '../../handlers/policies/Lane';
import type { Plan } from '../../handlers/policies/options';
import type { Run } from '../../handlers/run/Run';
import { Runner } from '../../handlers/policies/Runner';
import type { RunScope } from '../../handlers/run/RunScope';
import type { AbortReason, DropReason } from '../../trace/TraceEvent';
import type { CallHandler, ServedCall } from '../bus/AgentBus';
import { CallRun } from './CallRun';
import type { IncomingCall } from './IncomingCall';

type Served = ServedCall<unknown, unknown>;

/** Runs a handler for each call. Whatever becomes of the run, the call is answered, unless it has been called off. */
export class CallRunner extends Runner<IncomingCall, Served> {
  constructor(
    result: Subscriber<Served>,
    scope: RunScope,
    handler: CallHandler<unknown, unknown>,
    plan: Plan,
  ) {
    super(result, scope, (call, run) => handled(handler, call, run), plan);
  }

  /** The caller waits no more: the runs for it are aborted, the one that is still to be retried, too. */
  callOff(call: IncomingCall): void {
    call.isOver = true;
    for (const run of this.unended.toArray()) if (run.trigger === call) run.abort('called-off');
    this.pump();
  }

  override aborted(run: ActiveRun<IncomingCall, Served>, reason: AbortReason): void {
    super.aborted(run, reason);
    run.trigger.fail('unreachable', 'its server has stopped');
  }

  override dropped(call: IncomingCall, reason: DropReason): void {
    super.dropped(call, reason);
    if (reason !== 'overflow') call.fail('unreachable', 'its server has stopped');
  }

  protected override report(
    code: HandlerFailure['code'],
    call: IncomingCall,
    attempt: number,
    cause: unknown,
  ): void {
    call.fail(codeOf(cause) ?? code, messageOf(cause));
    super.report(code, call, attempt, cause);
  }

  protected override createRun(call: IncomingCall, attempt: number, lane: Lane<IncomingCall>): CallRun {
    return new CallRun(this, call, attempt, lane);
  }

  protected override given(call: IncomingCall): unknown {
    return call.input;
  }
}

/** What the handler gives is made the answer by its run. */
function handled(
  handler: CallHandler<unknown, unknown>,
  call: IncomingCall,
  run: Run,
): HandlerResult<Served> {
  // It may have been called off while it waited for its turn.
  return call.isOver ? EMPTY : (handler(call.input, run) as PromiseLike<Served>);
}
