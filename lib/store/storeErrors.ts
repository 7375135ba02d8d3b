import { AgentError, messageOf } from '../AgentError';
import { codeOf } from '../readError';

// What can go wrong with what is to outlive the process, in words.

/** @param what which part is durable: "orders" of a handler, a timer, or the state */
export function noStore(agent: string, what: string, host: string): AgentError {
  const message = `${agent}: ${what} is durable, and ${host} has no store to keep it in. Give it one: createHost({ store: lmdbStore('./data') }), from 'rx-agent-kit/lmdb', or memoryStore() for what outlives a host only.`;
  return new AgentError('no-store', message, { agent });
}

export function claimedTwice(agent: string, name: string): AgentError {
  const message = `${agent}: two of its parts are durable as '${name}' at once. A durable name is what is kept under: give each a name of its own.`;
  return new AgentError('duplicate-durable', message, { agent });
}

export function notDurable(agent: string, stream: string, what: string): AgentError {
  const message = `${agent}.${stream}: ${what} is for durable handlers: what it keeps has to belong to a job that is kept. Write { durable: 'a name' } into the handler's options.`;
  return new AgentError('not-durable', message, { agent, stream });
}

/** A value is no JSON, or does not fit its schema. */
export function cannotKeep(agent: string, cause: unknown): AgentError {
  return new AgentError('cannot-keep', `${agent}: ${messageOf(cause)}`, { agent, cause });
}

/** A value that is kept does not fit the schema of today. */
export function cannotRead(agent: string, what: string, cause: unknown): AgentError {
  const message = `${agent}: ${what} is kept, and cannot be read by this version: ${messageOf(cause)}. It is not lost: see 'rx-agent-kit store list'.`;
  return new AgentError('kept-unreadable', message, { agent, cause });
}

/** A job that the process has not survived, time after time. */
export function crashedTooOften(where: string, name: string, times: number): AgentError {
  const message = `${where}: the process has ended ${times} times in a row in a run of one job of '${name}', and no step of it was kept meanwhile. It is dead: see 'rx-agent-kit store list', and 'redrive' when it is mended.`;
  return new AgentError('job-crashed', message);
}

export function notOpened(host: string, cause: unknown): AgentError {
  const given = codeOf(cause);
  const code = given === 'store-locked' || given === 'store-fenced' ? given : 'store-failed';
  return new AgentError(code, `The store of ${host} cannot be opened: ${messageOf(cause)}`, { cause });
}

export function notCommitted(host: string, cause: unknown): AgentError {
  const message = `The store of ${host} does not keep what it is given: ${messageOf(cause)}. It is tried again and again; until then durable parts of agents wait.`;
  return new AgentError('store-failed', message, { cause });
}

/** Another host has taken the entries over. */
export function fenced(host: string, cause?: unknown): AgentError {
  const message = `Somebody else has opened the store as ${host}. What this host has not committed is not kept any more; end it. Two hosts that run at once need names of their own: createHost({ name }).`;
  return new AgentError('store-fenced', message, cause === undefined ? {} : { cause });
}

export function closedEarly(host: string): AgentError {
  return new AgentError('store-failed', `${host} has stopped before its store has kept everything.`);
}

export function keptTooLate(host: string, timeout: string): AgentError {
  const message = `The store of ${host} has not kept it within ${timeout}. It may still do so.`;
  return new AgentError('store-failed', message);
}

export function stateTooEarly(agent: string): AgentError {
  const message = `${agent}: its state is there from right before start$ on, when it has been restored. Read and set it in a handler, or in what start$ leads to.`;
  return new AgentError('state-not-ready', message, { agent });
}

export function badState(agent: string, cause: unknown): AgentError {
  return new AgentError('bad-state', `${agent}: its state: ${messageOf(cause)}`, { agent, cause });
}
