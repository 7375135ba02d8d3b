import { ConfigSource, firstConfig } from '../../agent/config/ConfigSource';
import type { ConfigStore } from '../../agent/config/ConfigStore';
import type { AgentDefinition } from '../../agent/definition/defineAgent';
import type { Trace } from '../../trace/Trace';
import { type AgentGroup, checkStartables, type GroupMember, type Startable } from '../supervision/group';
import { cyclicNeeds, listedTwice, runsAlready, unknownNeed } from '../hostErrors';
import { InOrder, type Ordered } from './InOrder';

/** One agent of many that are to be started. */
export interface Member extends Ordered {
  readonly definition: AgentDefinition;
  readonly config: unknown;
  readonly group: AgentGroup | undefined;
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
 * Puts together what is to be started, and checks it before anything is.
 *
 * @throws AgentError `duplicate-agent`, `bad-config`, `unknown-need` or `cyclic-needs`
 */
export function compose(list: readonly Startable[], host: ComposingHost): Member[] {
  const { agents: running } = host;
  checkStartables(list);
  const members = list.flatMap((item) =>
    'agents' in item ? membersOf(item) : memberOf(item, undefined, undefined),
  );
  const names = new Set<string>();
  for (const { name, definition, config } of members) {
    if (names.has(name)) throw listedTwice(name);
    if (running.has(name)) throw runsAlready(host.name, name);
    names.add(name);
    const source = new ConfigSource(name, definition.config, host.trace, host.configs);
    firstConfig(source, config);
  }
  for (const member of members) checkNeeds(member, names, running);
  checkForCycle(members);
  return members;
}

function membersOf(group: AgentGroup): Member[] {
  let before: string | undefined;
  return group.agents.map((item) => {
    const member = memberOf(item, group, before);
    if (group.strategy === 'rest-for-one') before = member.name;
    return member;
  });
}

function memberOf(item: GroupMember, group: AgentGroup | undefined, before: string | undefined): Member {
  const [definition, config] = 'agent' in item ? [item.agent, item.config] : [item, undefined];
  const { name, needs = [] } = definition;
  return { name, definition, config, group, needs: before === undefined ? needs : [...needs, before] };
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

/** Whoever never has a turn is in a cycle, or needs somebody who is. */
function checkForCycle(members: readonly Member[]): void {
  const left = new Map(members.map((member) => [member.name, member]));
  const order = new InOrder(members, 'first', (member) => {
    left.delete(member.name);
    order.done(member);
  });
  order.start();
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
