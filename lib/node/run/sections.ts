import type { AgentDefinition } from '../../agent/definition/defineAgent';
import type { ConfigStore } from '../../agent/config/ConfigStore';
import { AgentError } from '../../AgentError';
import type { Startable } from '../../host/supervision/group';
import { nearestName } from '../../nearestName';
import { isA, messageOf } from '../../readError';

/** The definitions of the agents that are started with an item. */
export function agentsOf(item: Startable): AgentDefinition[] {
  if ('agents' in item) return item.agents.flatMap(agentsOf);
  return ['agent' in item ? item.agent : item];
}

/**
 * A section that no agent reads is a slip of the pen, unless something else is started, too.
 *
 * @throws AgentError `bad-config-file`
 */
export function refuseUnknownSections(configs: ConfigStore, agents: readonly Startable[]): void {
  const names = agents.flatMap(agentsOf).map(({ name }) => name);
  const unknown = configs.sections().find((section) => !names.includes(section));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new AgentError(
    'bad-config-file',
    `${configs.origin} has a section ${unknown}, but there is no such agent.${meant} The agents are ${names.join(', ')}.`,
  );
}

/** An error that is told to people must not show what the config file hides. */
export function withoutSecrets(error: unknown, configs: ConfigStore | undefined): unknown {
  const message = messageOf(error);
  const shown = configs?.hide?.(message) ?? message;
  if (shown === message) return error;
  return isA(error, AgentError) ? new AgentError(error.code, shown) : new Error(shown);
}
