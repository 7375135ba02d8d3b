import { isObservable } from 'rxjs';
import { AgentError } from '../AgentError';
import { isA, messageOf } from '../readError';
import { formatMs } from '../time/spans/duration';
import type { LedgerEntry, WaitEntry } from '../trace/Ledger';

// What can go wrong with an agent, in words.

export function streamFailed(agent: string, stream: string, cause: unknown): AgentError {
  const message = `${agent}.${stream} failed: ${messageOf(cause)}. An error in a stream ends its agent; catch it in the stream, or do the work in a handler.`;
  return new AgentError('stream-failed', message, { agent, stream, cause });
}

export function noState(agent: string): AgentError {
  const message = `${agent} has no state. Give its definition a schema of it: state: z.object({ count: z.number().default(0) }).`;
  return new AgentError('bad-definition', message, { agent });
}

export function setupFailed(agent: string, cause: unknown): AgentError {
  const message = `${agent} could not be set up again: ${messageOf(cause)}`;
  return new AgentError('setup-failed', message, { agent, cause });
}

export function leftBehind(agent: string, left: readonly LedgerEntry[]): AgentError {
  const names = left.map((entry) =>
    entry.kind === 'run' ? `${entry.stream}: ${entry.handler}` : entry.stream,
  );
  const message = `${agent} is restarted, but what had not ended by its stopTimeout was cut off: ${names.join(', ')}`;
  return new AgentError('stop-timeout', message, { agent });
}

export function teardownFailed(agent: string, stream: string, cause: unknown): AgentError {
  const message = `${agent}.${stream}: its teardown threw: ${messageOf(cause)}`;
  return new AgentError('stream-failed', message, { agent, stream, cause });
}

export function readinessFailed(agent: string, cause: unknown): AgentError {
  const message = `${agent}: readyWhen failed: ${messageOf(cause)}`;
  return new AgentError('stream-failed', message, { agent, cause });
}

export function taskFailed(agent: string, cause: unknown): AgentError {
  const message = `${agent}: scheduled work threw: ${messageOf(cause)}`;
  return new AgentError('task-failed', message, { agent, cause });
}

export function observerFailed(agent: string, cause: unknown): AgentError {
  const message = `${agent}: a subscriber threw: ${messageOf(cause)}`;
  return new AgentError('observer-failed', message, { agent, cause });
}

/** What a start waits for. */
export type Awaited = Pick<WaitEntry, 'on' | 'detail'>;

export function startTimedOut(agent: string, timeout: number, { on, detail }: Awaited): AgentError {
  const after = formatMs(timeout);
  const longer = 'give the agent a longer startTimeout.';
  const messages = {
    bus: `${agent} has not started after ${after}: the bus is not connected. See whether it can be reached, or ${longer}`,
    store: `${agent} has not started after ${after}: the store is not open. See whether it can be reached, or ${longer}`,
    needs: `${agent} has not started after ${after}: it needs ${detail}, which is not ready any more. Mend that, or ${longer}`,
    ready: `${agent} is not ready after ${after}: readyWhen has not emitted. Mend it, or ${longer}`,
    stops: `${agent} has not started after ${after}: ${detail} has not stopped yet.`,
  };
  return new AgentError('start-timeout', messages[on], { agent });
}

export function suspendedTooLong(agent: string, timeout: number, because: string): AgentError {
  const message = `${agent} is not ready after ${formatMs(timeout)}, since it is restarted with others: ${because}. Mend that, or give the agent a longer startTimeout.`;
  return new AgentError('start-timeout', message, { agent });
}

export function stoppedBeforeReady(agent: string): AgentError {
  return new AgentError('agent-stopped', `${agent} was stopped before it was ready.`, { agent });
}

export function takesNoConfig(agent: string): AgentError {
  return new AgentError('agent-stopped', `${agent} has stopped: it takes no config any more.`, { agent });
}

export function notARecord(agent: string, given: unknown): AgentError {
  const message = `${agent}: its function streams has to return a record of Observables at once, not ${kindOf(given)}: streams: () => ({ ticks$: … }).`;
  return new AgentError('bad-definition', message, { agent });
}

/** @param what the place where it was given: a stream's name, or `readyWhen` */
export function notAnObservable(agent: string, what: string, given: unknown): AgentError {
  const message = `${agent}.${what} is no Observable but ${kindOf(given)}. It has to be one; wrap a promise in from().`;
  return new AgentError('not-an-observable', message, { agent, stream: what });
}

function kindOf(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (isObservable(given)) return 'an Observable';
  if (Array.isArray(given)) return 'an array';
  if (typeof given === 'object' && Symbol.iterator in given) return `a ${given.constructor.name}`;
  return isA(given, Promise) ? 'a promise' : `of type ${typeof given}`;
}
