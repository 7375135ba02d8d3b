import { AgentError } from '../AgentError';
import { codeOf, messageOf, textOf } from '../readError';
import type { BusStatus } from './bus/Bus';

// What can go wrong with messages and calls, in words.

export function disconnected(where: string, status: BusStatus): AgentError {
  const message = `${where}: nothing can be sent, since the bus is ${status}. Wait for bus.status$ to say connected, or let the handler retry.`;
  return new AgentError('bus-disconnected', message);
}

/** @param moment where in its life the agent is */
export function notOnBus(agent: string, where: string, moment: 'setup' | 'finish'): AgentError {
  const message =
    moment === 'setup'
      ? `${agent} sends to ${where} while it is set up, before it is on the bus. Send at start$ or later.`
      : `${agent} sends to ${where} after it has left the bus. Send at stop$ at the latest.`;
  return new AgentError('bus-disconnected', message, { agent });
}

export function busFailed(cause: unknown, reason: string): AgentError {
  return new AgentError('bus-failed', `The bus cannot be connected: ${reason}`, { cause });
}

export function notEnded(agent: string, cause: unknown): AgentError {
  const message = `${agent}: what it has on the bus threw at its end: ${messageOf(cause)}`;
  return new AgentError('bus-failed', message, { agent, cause });
}

/**
 * @param name under which it was taken
 * @param advice where it can be seen
 */
export function messageDead(
  topic: string,
  name: string,
  times: number,
  cause: unknown,
  advice = '',
): AgentError {
  const message = `${topic}: a message was given up as dead by '${name}' after ${times} times: ${messageOf(cause)}${advice}`;
  return new AgentError('message-dead', message, { cause });
}

export function duplicateServer(procedure: string, agent?: string): AgentError {
  const by = agent === undefined ? '' : ` by ${agent}`;
  const message = `${procedure} is served already${by}. A procedure has one server; give this one another name, or stop the other.`;
  return new AgentError('duplicate-server', message, { agent });
}

export function notAnAddress({ filter }: { readonly filter?: string }): AgentError {
  const message = `bus.publish needs a whole address, not ${String(filter)}. Give all parameters: bus.publish(reading.at({ building: 'b1', unit: 'u7' }), payload).`;
  return new AgentError('bad-topic', message);
}

export function notAFilter(given: unknown): AgentError {
  const message = `bus.messages needs a topic, or a part of one, not ${textOf(given)}: bus.messages(reading.at({ building: 'b1' })).`;
  return new AgentError('bad-topic', message);
}

export function notAProcedure(where: string, given: unknown): AgentError {
  const message = `${where} needs what procedure() gives, not ${textOf(given)}.`;
  return new AgentError('bad-procedure', message);
}

export function notDurable(pattern: string, name: string): AgentError {
  const message = `bus.messages: durable: '${name}': the messages of ${pattern} are not kept. Define it with { durable: true }.`;
  return new AgentError('bad-option', message);
}

/** @param isWithinProcess whether a store would do */
export function keepsNothing(host: string, isWithinProcess: boolean): AgentError {
  const store = isWithinProcess
    ? "Give the host a store to keep them in: createHost({ store: lmdbStore('./data') }), from 'rx-agent-kit/lmdb'; or"
    : 'Give it';
  const message = `${host}: its bus keeps no messages of durable topics. ${store} a bus with servers that do: createHost({ bus: natsBus({ servers: 'nats://broker:4222' }) }).`;
  return new AgentError('bus-unsupported', message);
}

export function tooManyUnkept(topic: string, count: number): AgentError {
  const message = `${topic}: ${count} messages wait already for the store, which does not keep what it is given. Wait for host.kept(), or let the handler retry.`;
  return new AgentError('store-failed', message);
}

export function leaseLost(agent: string, topic: string): AgentError {
  const message = `${agent}: a message on ${topic} is not published: the lease of ${agent} is over here, and another host may have it. What is to be said is that one's to say.`;
  return new AgentError('lease-lost', message, { agent });
}

/** Of a message that is in a stream, and that nobody is given. */
export function publishedTooLate(agent: string, topic: string): AgentError {
  const message = `${topic}: a message of ${agent} is not taken: it came when the lease of its host was over, behind what the next host has published.`;
  return new AgentError('lease-lost', message, { agent });
}

export function notKept(topic: string, cause: unknown): AgentError {
  if (codeOf(cause) === 'lease-lost') return cause as AgentError;
  return new AgentError('bus-failed', `${topic}: a message was not kept: ${messageOf(cause)}`, { cause });
}
