import type { AgentDefinition } from '../agent/definition/defineAgent';
import type { AgentGroup, ConfiguredAgent, GroupMember, Startable } from '../host/supervision/group';
import type { Host } from '../host/Host';
import { agentsOf } from '../node/run/sections';
import { CommandError } from './CommandError';
import type { LoadedModule } from './Modules';

/** What modules export to be started. */
export interface Startables {
  readonly items: readonly Startable[];
  /** Functions that start what they like. */
  readonly functions: readonly ((host: Host) => unknown)[];
}

/**
 * Finds what there is to start in a module: its default export, which is an agent, an agent with a config, a group, a
 * list of those, or a function of a host; and without one, all other exports that are any of those but functions.
 *
 * @throws CommandError if there is nothing
 */
export function startablesOf({ path, exports }: LoadedModule): Startables {
  const given = exports['default'];
  if (typeof given === 'function') return { items: [], functions: [given as (host: Host) => unknown] };
  const found = itemsIn(given);
  if (found.length > 0) return { items: found, functions: [] };
  const named = Object.entries(exports).flatMap(([name, value]) =>
    name === 'default' ? [] : itemsIn(value),
  );
  if (named.length > 0) return { items: withoutRepeats(named), functions: [] };
  const names = Object.keys(exports).join(', ');
  throw new CommandError(
    `${path} exports no agent, but ${names === '' ? 'nothing' : names}. Export one, a list, or a function of a host:\n\n  export default defineAgent({ name: 'meter', … });`,
  );
}

/** An agent may be exported by itself, and again in a list or a group, which says more of how it is started. */
function withoutRepeats(items: readonly Startable[]): Startable[] {
  const kept: Startable[] = [];
  const known = new Set<AgentDefinition>();
  const groupsFirst = [...items].sort((one, other) => Number('agents' in other) - Number('agents' in one));
  for (const item of groupsFirst) {
    if (agentsOf(item).some((agent) => !known.has(agent))) kept.push(item);
    for (const agent of agentsOf(item)) known.add(agent);
  }
  return kept;
}

function itemsIn(value: unknown): Startable[] {
  if (Array.isArray(value)) return value.flatMap(itemsIn);
  return isGroup(value) || isMember(value) ? [value] : [];
}

// They are told by their members, since they may have been made by another copy of the kit.

function isGroup(value: unknown): value is AgentGroup {
  const { name, agents } = (value ?? {}) as Partial<AgentGroup>;
  return typeof name === 'string' && Array.isArray(agents) && agents.every(isMember);
}

function isMember(value: unknown): value is GroupMember {
  return isAgent(value) || isAgent((value as Partial<ConfiguredAgent> | undefined | null)?.agent);
}

function isAgent(value: unknown): value is AgentDefinition {
  const { name, streams } = (value ?? {}) as Partial<AgentDefinition>;
  return typeof name === 'string' && typeof streams === 'function';
}
