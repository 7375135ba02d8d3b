import { AgentError } from '../../AgentError';
import { badOption, checkOptions, optionTable } from '../../options/checkOptions';
import { anything, oneOf } from '../../options/checks';
import { showValue } from '../../options/showValue';
import type { AgentHandle } from '../../agent/AgentHandle';
import type { ConfigSchema } from '../../agent/config/config';
import {
  type AgentDefinition,
  checkDefinition,
  type ConfigInput,
  type Streams,
} from '../../agent/definition/defineAgent';
import { aRestart, type RestartOptions } from '../../agent/definition/restart';

/** An agent with the config that it is to be started with: see {@link withConfig}. */
export interface ConfiguredAgent<Schema extends ConfigSchema = ConfigSchema, S extends Streams = Streams> {
  readonly agent: AgentDefinition<Schema, S>;
  readonly config: ConfigInput<Schema>;
}

/** Who is restarted when one agent of a group has failed. */
export type Strategy =
  /** That one. */
  | 'one-for-one'
  /** That one and all behind it in the list. Each starts when the one before it is ready, and stops before it. */
  | 'rest-for-one'
  /** All of them. */
  | 'one-for-all';

/** Agents that are restarted together: see {@link group}. */
export interface AgentGroup<Members extends readonly GroupMember[] = readonly GroupMember[]> {
  /** The group's name, for messages. */
  readonly name: string;
  readonly agents: Members;
  /** Default `'one-for-one'`. */
  readonly strategy?: Strategy;
  /**
   * How its agents are restarted; their own `restart` is not looked at. The limit is for all failures in the group
   * together, and past it all of them stop. Default the host's, or the default of each part.
   */
  readonly restart?: RestartOptions;
}

export type GroupMember = AgentDefinition | ConfiguredAgent;

/** What {@link Host.startAll} takes: agents, agents with a config, and groups of these. */
export type Startable = GroupMember | AgentGroup;

/** The handle of what has been started; for a group, those of its agents, in their order. */
export type Started<T> =
  T extends AgentGroup<infer Members>
    ? StartedAll<Members>
    : T extends ConfiguredAgent<infer Schema, infer S>
      ? AgentHandle<S, Schema>
      : T extends AgentDefinition<infer Schema, infer S>
        ? AgentHandle<S, Schema>
        : never;

export type StartedAll<List extends readonly unknown[]> = {
  readonly [Index in keyof List]: Started<List[Index]>;
};

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'rest-for-one', 'one-for-all'];
const GROUP = optionTable<AgentGroup>(
  { name: anything, agents: anything, strategy: oneOf(STRATEGIES), restart: aRestart },
  { members: 'agents' },
);

/**
 * Says with which config an agent is to be started.
 *
 * @throws AgentError `bad-definition`, `bad-duration` or `bad-option` if it is no agent
 */
export function withConfig<S extends Streams, Schema extends ConfigSchema>(
  agent: AgentDefinition<Schema, S>,
  config: ConfigInput<Schema>,
): ConfiguredAgent<Schema, S> {
  checkDefinition(agent);
  return { agent, config };
}

/**
 * Puts agents into a group, which decides who is restarted when one of them has failed.
 * ```ts
 * await host.startAll([
 *   group({ name: 'line', strategy: 'rest-for-one', agents: [port, reader, withConfig(display, { rows: 4 })] }),
 * ]);
 * ```
 * @throws AgentError `bad-option`, `bad-duration` or `bad-definition`
 */
export function group<const Members extends readonly GroupMember[]>(
  definition: AgentGroup<Members>,
): AgentGroup<Members> {
  if (!has(definition, 'agents') && !has(definition, 'name'))
    throw new AgentError(
      'bad-option',
      `${showValue(definition)} is no group: group({ name: 'line', agents: […] }).`,
    );
  checkGroupAlone(definition);
  for (const member of definition.agents) checkDefinition(isConfigured(member) ? member.agent : member);
  return definition;
}

/** Checks a list of agents and groups for being one; what is in it is checked as it is read. */
export function checkList(list: unknown): asserts list is readonly unknown[] {
  if (!Array.isArray(list))
    throw badOption('host.startAll', 'agents', list, 'has to be a list of agents and groups');
}

export function isGroup(given: Startable): given is AgentGroup {
  return has(given, 'agents');
}

export function isConfigured(given: GroupMember): given is ConfiguredAgent {
  return has(given, 'agent');
}

/** Checks a group, which need not have been made by {@link group}, but for the agents in it. */
export function checkGroupAlone(definition: AgentGroup): void {
  const { name, agents } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new AgentError('bad-option', `A group needs a name, not ${showValue(name)}.`);
  }
  if (!Array.isArray(agents) || agents.length === 0) {
    throw new AgentError('bad-option', `group ${name}: agents has to be a list of one agent at least.`);
  }
  checkOptions(`group ${name}`, GROUP, definition);
  for (const member of agents as readonly GroupMember[]) {
    if (has(member, 'agents'))
      throw badOption(`group ${name}`, 'agents', member, 'has to be an agent: a group has no groups in it');
  }
}

function has(given: unknown, member: string): boolean {
  return typeof given === 'object' && given !== null && member in given;
}
