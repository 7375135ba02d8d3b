import type { AgentDefinition } from '../agent/defineAgent';
import type { Host } from '../host/createHost';
import { CommandError } from './CommandError';
import type { LoadedModule } from './Modules';

/** What a module exports to be started. */
export type Startable =
  | { readonly kind: 'agent'; readonly name: string; readonly agent: AgentDefinition }
  | { readonly kind: 'function'; readonly name: string; readonly start: (host: Host) => unknown };

/**
 * Finds what there is to start in a module: its default export, an agent, a list of agents or a function of a host;
 * and without one, all other exports that are agents or lists of them.
 *
 * @throws CommandError if there is nothing
 */
export function startablesOf({ path, exports }: LoadedModule): Startable[] {
  const given = exports['default'];
  if (typeof given === 'function')
    return [{ kind: 'function', name: path, start: given as (host: Host) => unknown }];
  const found = agentsIn(given);
  if (found.length > 0) return found;
  const named = Object.entries(exports).flatMap(([name, value]) =>
    name === 'default' ? [] : agentsIn(value),
  );
  // One agent may be exported by itself and in a list.
  if (named.length > 0)
    return named.filter(({ agent }, index) => named.findIndex((other) => other.agent === agent) === index);
  const names = Object.keys(exports);
  const there = names.length === 0 ? 'nothing' : names.join(', ');
  throw new CommandError(
    `${path} exports no agent, but ${there}. Export one, a list, or a function of a host:\n\n  export default defineAgent({ name: 'meter', … });`,
  );
}

/** @throws CommandError if two agents have one name */
export function refuseNamesakes(startables: readonly Startable[]): void {
  const names = startables.filter(({ kind }) => kind === 'agent').map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new CommandError(
      `Two of the agents are named ${twice}. Give each a name of its own, or each module once.`,
    );
}

function agentsIn(value: unknown): (Startable & { readonly kind: 'agent' })[] {
  if (Array.isArray(value)) return value.flatMap(agentsIn);
  return isAgent(value) ? [{ kind: 'agent', name: value.name, agent: value }] : [];
}

/** Told by its members, since it may have been made by another copy of the kit. */
function isAgent(value: unknown): value is AgentDefinition {
  const { name, streams } = (value ?? {}) as Partial<AgentDefinition>;
  return typeof name === 'string' && typeof streams === 'function';
}
