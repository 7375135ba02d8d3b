import { ConfigSource, firstConfig } from '../../agent/config/ConfigSource';
import type { ConfigStore } from '../../agent/config/ConfigStore';
import type { AgentDefinition } from '../../agent/definition/defineAgent';
import { type ReadDefinition, readDefinition } from '../../agent/definition/readDefinition';
import type { RestartOptions } from '../../agent/definition/restart';
import { readOnce } from '../../options/readOnce';
import type { Trace } from '../../trace/Trace';
import { cyclicNeeds, listedTwice, runsAlready, unknownNeed } from '../hostErrors';
import {
  type AgentGroup,
  checkGroupAlone,
  checkList,
  type GroupMember,
  isConfigured,
  isGroup,
  type Startable,
  type Strategy,
} from '../supervision/group';
import type { Ordered } from './InOrder';

/** A group as it was when it was started, checked. */
export interface ReadGroup {
  readonly name: string;
  readonly strategy: Strategy;
  readonly restart: RestartOptions | undefined;
}

/** One agent of many that are to be started. */
export interface Member extends Ordered {
  readonly definition: ReadDefinition;
  readonly config: unknown;
  readonly group: ReadGroup | undefined;
}

/** The list in its own shape, with the names in the places of what is to be started. */
export type Shape = readonly (string | Shape)[];

export interface Composition {
  readonly members: readonly Member[];
  readonly shape: Shape;
}

/** The agents that run in the host now. */
type Running = ReadonlyMap<string, { readonly isReady: boolean }>;

interface ComposingHost {
  readonly name: string;
  readonly agents: Running;
  readonly trace: Trace;
  readonly configs: ConfigStore | undefined;
}

/**
 * Puts together what is to be started, and checks it before anything is. All that is given is read once.
 *
 * @throws AgentError `duplicate-agent`, `bad-config`, `unknown-need` or `cyclic-needs`, and what a definition or a
 *   group may be refused with
 */
export function compose(list: readonly Startable[], host: ComposingHost): Composition {
  checkList(list);
  const parts = list.map((item) => (isGroup(item) ? membersOf(item) : memberOf(item)));
  const members = parts.flat();
  const names = new Set<string>();
  for (const { name, definition, config } of members) {
    if (names.has(name)) throw listedTwice(name);
    if (host.agents.has(name)) throw runsAlready(host.name, name);
    names.add(name);
    firstConfig(new ConfigSource(name, definition.config, host.trace, host.configs), config);
  }
  for (const member of members) checkNeeds(member, names, host.agents);
  checkForCycle(members);
  const nameOf = ({ name }: Member): string => name;
  return { members, shape: parts.map((part) => (Array.isArray(part) ? part.map(nameOf) : nameOf(part))) };
}

function membersOf(item: AgentGroup): Member[] {
  const given = readOnce(item, ['name', 'agents', 'strategy', 'restart']);
  checkGroupAlone(given);
  const { name, agents, strategy = 'one-for-one', restart } = given;
  const members = agents.map((member) => memberOf(member));
  const group = { name, strategy, restart };
  return members.map((member, index) => {
    const before = strategy === 'rest-for-one' ? members[index - 1] : undefined;
    return { ...member, group, needs: before === undefined ? member.needs : [...member.needs, before.name] };
  });
}

function memberOf(item: GroupMember): Member {
  const [given, config]: [AgentDefinition, unknown] = isConfigured(item)
    ? [item.agent, item.config]
    : [item, undefined];
  const definition = readDefinition(given);
  const { name, needs } = definition;
  return { name, definition, config, group: undefined, needs };
}

function checkNeeds({ name, needs }: Member, given: ReadonlySet<string>, running: Running): void {
  const unknown = needs.find((need) => !given.has(need) && running.get(need)?.isReady !== true);
  if (unknown === undefined) return;
  const ready = [...running].filter(([, { isReady }]) => isReady).map(([other]) => other);
  throw unknownNeed(
    name,
    unknown,
    [...given, ...ready].filter((other) => other !== name),
  );
}

/** Whoever is left when all are taken away that need nobody who is left is in a cycle, or needs somebody who is. */
function checkForCycle(members: readonly Member[]): void {
  const left = new Map(members.map((member) => [member.name, member]));
  const neededBy = new Map<string, Member[]>();
  const open = new Map<Member, number>();
  for (const member of members) {
    const needs = [...new Set(member.needs)].filter((need) => left.has(need));
    open.set(member, needs.length);
    for (const need of needs) {
      const others = neededBy.get(need);
      if (others === undefined) neededBy.set(need, [member]);
      else others.push(member);
    }
  }
  const free = members.filter((member) => open.get(member) === 0);
  for (const { name } of free) {
    left.delete(name);
    for (const next of neededBy.get(name) ?? []) {
      const count = (open.get(next) ?? 0) - 1;
      open.set(next, count);
      if (count === 0) free.push(next);
    }
  }
  const [first] = left.keys();
  if (first === undefined) return;
  const path = cycleFrom(first, left);
  throw cyclicNeeds(
    path,
    path.some((name) => left.get(name)?.group?.strategy === 'rest-for-one'),
  );
}

/** Follows the needs until a name comes again. */
function cycleFrom(first: string, left: ReadonlyMap<string, Member>): string[] {
  const path: string[] = [];
  let name: string | undefined = first;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = left.get(name)?.needs.find((need) => left.has(need));
  }
  return name === undefined ? path : [...path.slice(path.indexOf(name)), name];
}
