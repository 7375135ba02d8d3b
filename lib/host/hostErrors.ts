import { AgentError, messageOf } from '../AgentError';
import { formatMs } from '../time/spans/duration';

// What can go wrong with the agents of a host, in words.

export function hostStopped(host: string, agent: string): AgentError {
  const message = `${agent} cannot start: ${host} has been stopped. Create another host.`;
  return new AgentError('host-stopped', message, { agent });
}

export function runsAlready(host: string, agent: string): AgentError {
  const message = `${agent} runs in ${host} already. Stop that one first, or give the other agent a name of its own.`;
  return new AgentError('duplicate-agent', message, { agent });
}

export function listedTwice(agent: string): AgentError {
  const message = `${agent} is in the list twice. An agent's name is unique in its host.`;
  return new AgentError('duplicate-agent', message, { agent });
}

export function unmetNeed(agent: string, need: string, isThere: boolean): AgentError {
  const message = isThere
    ? `${agent} needs ${need}, which is not ready. Await its start, or start both together: host.startAll([…]).`
    : `${agent} needs ${need}, which does not run. Start it first, or both together: host.startAll([…]).`;
  return new AgentError('unmet-need', message, { agent });
}

/** @param missing what it needs and what is not ready any more */
export function needsTooLong(agent: string, missing: readonly string[], timeout: number): AgentError {
  const message = `${agent} has not started after ${formatMs(timeout)}: ${missing.join(', ')} was ready before it, and is not ready again. Mend that, or give ${agent} a longer startTimeout.`;
  return new AgentError('start-timeout', message, { agent });
}

export function unknownNeed(agent: string, need: string, others: readonly string[]): AgentError {
  const known = others.length === 0 ? 'There are no others.' : `There are: ${others.join(', ')}.`;
  const message = `${agent} needs ${need}, which is neither in the list nor ready in the host. ${known}`;
  return new AgentError('unknown-need', message, { agent });
}

/** @param path from an agent to itself */
export function cyclicNeeds(path: readonly string[], isByGroup: boolean): AgentError {
  const hint = isByGroup ? ' In a rest-for-one group each agent needs the one before it, too.' : '';
  const message = `Nobody can start first: ${path.join(' needs ')}. Take out one of these needs.${hint}`;
  return new AgentError('cyclic-needs', message, { agent: path[0] });
}

export function startFailed(agent: string, count: number, cause: unknown): AgentError {
  const message = `${agent} could not start, so none of the ${count} agents runs: ${messageOf(cause)}`;
  return new AgentError('start-failed', message, { agent, cause });
}

export function busNotClosed(timeout: number): AgentError {
  const message = `The bus has not closed by the stopDeadline of ${formatMs(timeout)}. It is left as it is.`;
  return new AgentError('stop-timeout', message);
}

export interface Limit {
  readonly max: number;
  readonly within: number;
}

/** @param group the group's name, if the agent is in one */
export function restartLimit(
  agent: string,
  group: string | undefined,
  limit: Limit,
  cause: unknown,
): AgentError {
  const often = `failed ${limit.max + 1} times within ${formatMs(limit.within)}, one more than restart.max`;
  const message =
    group === undefined
      ? `${agent} has ${often}: it is not started again. The last failure: ${messageOf(cause)}`
      : `The agents of group ${group} have ${often}: all of them are stopped. The last failure, of ${agent}: ${messageOf(cause)}`;
  return new AgentError('restart-limit', message, { agent, cause });
}
