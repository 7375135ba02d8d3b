import type { Observable } from 'rxjs';
import type { input, output } from 'zod';
import { AgentError } from '../../AgentError';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aCount, aFunction, aName, anything } from '../../options/checks';
import { showValue } from '../../options/showValue';
import { aDuration, type Duration } from '../../time/spans/duration';
import type { AgentContext } from './AgentContext';
import type { ConfigSchema, NoConfig } from '../config/config';
import type { NoState, StateSchema } from '../state/AgentState';
import { aRestart, type RestartOptions } from './restart';
import { aSingleton, type SingletonOptions } from './singleton';

/** An agent's Observables by their names. */
export type Streams = Readonly<Record<string, Observable<unknown>>>;

/** What an agent is: see {@link defineAgent}. */
export interface AgentDefinition<
  Schema extends ConfigSchema = ConfigSchema,
  S extends Streams = Streams,
  State extends StateSchema = StateSchema,
> {
  /** The agent's name, of which a host has only one at a time. */
  readonly name: string;
  /** The zod schema of its config. An agent without one takes no config. */
  readonly config?: Schema;
  /** Makes the streams, at once. The agent subscribes to each of them once, in their order; what it emits is shared. */
  streams(context: AgentContext<output<Schema>, output<State>>): S;
  /** The zod schema of its state, which outlives the process; each member has a default. The host needs a store. */
  readonly state?: State;
  /** Which version of the state the schema is of. Default 1. */
  readonly stateVersion?: number;
  /** Makes a state of this version of one of another version, as it was kept. Default: the schema has to take it as it is. */
  migrate?(old: unknown, version: number): unknown;
  /** The names of the agents that have to be ready before it starts, and that stop after it. See `host.startAll`. */
  readonly needs?: readonly string[];
  /** How it is started again when a stream of it fails. Default the host's; without any, it has failed for good. */
  readonly restart?: RestartOptions;
  /**
   * Whether one host runs it, of all that start it and share a bus: the others stand by, and one of them takes over
   * within the lease when that host dies, hangs or is cut off. Default false: each runs its own.
   */
  readonly singleton?: boolean | SingletonOptions;
  /**
   * Hosts that run the agent in one group share its work: each message that it takes by `bus.messages` is for one of
   * them, as its calls are, and the messages of durable topics. Default: each host gets all messages.
   */
  readonly group?: string;
  /** What has to emit before the agent counts as ready. Default: it is ready at once. */
  readyWhen?(streams: S): Observable<unknown>;
  /** How long the agent may take until it is ready. Default the host's. */
  readonly startTimeout?: Duration;
  /** How long each part of a stop may take: the runs that are drained, the handlers of `stop$`, those of `finish$`. Default the host's. */
  readonly stopTimeout?: Duration;
}

/** What an agent's config is given as; nothing, if all of it has defaults. */
export type ConfigInput<Schema extends ConfigSchema> = input<Schema>;

/** What makes an agent one has an error code of its own. */
const AGENT = optionTable<AgentDefinition>(
  {
    name: anything,
    config: anything,
    streams: anything,
    state: anything,
    stateVersion: aCount(1),
    migrate: aFunction,
    needs: anything,
    restart: aRestart,
    singleton: aSingleton,
    group: aName,
    readyWhen: aFunction,
    startTimeout: aDuration,
    stopTimeout: aDuration,
  },
  { schema: 'config', requires: 'needs', dependsOn: 'needs', ready: 'readyWhen', queue: 'group' },
);

/**
 * Defines an agent: a name, a config and a function from a context to named Observables. Nothing runs until a
 * host starts it, and each start makes the streams anew.
 * ```ts
 * const greeter = defineAgent({
 *   name: 'greeter',
 *   streams: ({ lifecycle, time, handle }) => ({
 *     hello$: lifecycle.start$.pipe(time.after('3s'), handle.switch(async () => 'hello')),
 *   }),
 * });
 * ```
 * @throws AgentError `bad-definition`, `bad-duration` or `bad-option`
 */
export function defineAgent<
  S extends Streams,
  Schema extends ConfigSchema = NoConfig,
  State extends StateSchema = NoState,
>(definition: AgentDefinition<Schema, S, State>): AgentDefinition<Schema, S, State> {
  checkDefinition(definition);
  return definition;
}

/**
 * Checks a definition, which need not have been made by {@link defineAgent}.
 *
 * @throws AgentError `bad-definition`, `bad-duration` or `bad-option`
 */
export function checkDefinition(definition: AgentDefinition): void {
  if (typeof definition !== 'object' || (definition as unknown) === null) {
    throw new AgentError(
      'bad-definition',
      `${showValue(definition)} is no agent: defineAgent({ name: 'meter', streams: … }).`,
    );
  }
  const { name, needs, config, state } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new AgentError(
      'bad-definition',
      `An agent needs a name, not ${showValue(name)}: defineAgent({ name: 'meter', … }).`,
    );
  }
  if (typeof definition.streams !== 'function') {
    throw new AgentError(
      'bad-definition',
      `${name}: streams has to be a function from the context to a record of Observables.`,
      { agent: name },
    );
  }
  if (needs !== undefined && !isNames(needs)) {
    throw new AgentError(
      'bad-definition',
      `${name}: needs has to be a list of agents' names, not ${showValue(needs)}: needs: ['meter'].`,
      { agent: name },
    );
  }
  if (config !== undefined && !isConfigSchema(config)) {
    throw new AgentError(
      'bad-definition',
      `${name}: config has to be a zod schema, not ${showValue(config)}: config: z.object({ rate: z.number() }).`,
      { agent: name },
    );
  }
  if (state !== undefined && !isConfigSchema(state)) {
    throw new AgentError(
      'bad-definition',
      `${name}: state has to be a zod schema, not ${showValue(state)}: state: z.object({ count: z.number().default(0) }).`,
      { agent: name },
    );
  }
  checkOptions(`defineAgent of ${name}`, AGENT, definition);
  if (definition.group !== undefined && (definition.singleton ?? false) !== false) {
    throw new AgentError(
      'bad-definition',
      `${name}: it is a singleton, which one host runs, and in a group, whose hosts share it. Leave one of them out.`,
      { agent: name },
    );
  }
}

function isConfigSchema(given: unknown): boolean {
  return typeof (given as Partial<ConfigSchema> | null)?.safeParse === 'function';
}

function isNames(given: unknown): boolean {
  return Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '');
}
