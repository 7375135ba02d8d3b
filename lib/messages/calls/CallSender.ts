import type { AgentError } from '../../AgentError';
import { CallError } from '../../handlers/waits/CallError';
import type { Answer, Callable, Caller } from '../../handlers/waits/Callable';
import type { RunScope } from '../../handlers/run/RunScope';
import type { Deadlines } from '../../time/queue/Deadlines';
import type { Reply } from '../bus/Bus';
import type { Membership } from '../bus/Membership';
import { notAProcedure } from '../messageErrors';
import { isProcedure, type Procedure } from './procedure';
import { Reading } from '../payloads/Reading';
import { encodePayload, readPayload, readReceived } from '../payloads/schema';

/** Sends the calls of an agent's runs over the bus, and reads their answers. */
export class CallSender implements Caller {
  constructor(
    private readonly scope: Pick<RunScope, 'agent' | 'trace'>,
    private readonly membership: Membership,
    readonly deadlines: Deadlines,
  ) {}

  send(procedure: Callable<unknown, unknown>, given: unknown, answer: Answer): () => void {
    if (!isProcedure(procedure)) throw notAProcedure('run.call', procedure);
    const { name } = procedure;
    const bus = this.membership.busFor(name);
    const input = encodePayload(name, procedure.input, given);
    const reading = new Reading(procedure.input, readPayload(name, procedure.input, input));
    const { trace, agent } = this.scope;
    if (trace.isWatched) trace.write({ type: 'call-sent', agent, procedure: name, input });
    const take = (reply: Reply): void => {
      this.take(procedure, reply, answer);
    };
    return bus.request(name, input, take, reading);
  }

  private take({ name: procedure, output: schema }: Procedure, reply: Reply, answer: Answer): void {
    const { trace, agent } = this.scope;
    let output: unknown;
    try {
      if (!reply.isOk) throw toCallError(agent, procedure, reply);
      output = readReceived(procedure, schema, reply.payload, reply.reading);
    } catch (error) {
      if (trace.isWatched) trace.write({ type: 'call-failed', agent, procedure, error: error as AgentError });
      answer.fail(error);
      return;
    }
    if (trace.isWatched) trace.write({ type: 'call-answered', agent, procedure, output });
    answer.succeed(output);
  }
}

function toCallError(
  agent: string,
  procedure: string,
  { code, message: why }: Extract<Reply, { readonly isOk: false }>,
): CallError {
  if (code === 'unreachable') {
    const message = `${agent}: ${procedure} is unreachable: ${why}. Start the agent that serves it, and keep it running.`;
    return new CallError({ code, agent, procedure, message });
  }
  const message = `${agent}: the call of ${procedure} failed there: ${why}`;
  return new CallError({ code: 'call-failed', agent, procedure, message, remoteCode: code });
}
