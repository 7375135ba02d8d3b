import { toMs } from '../../time/spans/duration';
import type { ConfigSchema } from '../config/config';
import type { StateSchema } from '../state/AgentState';
import type { AgentContext } from './AgentContext';
import { readOnce } from '../../options/readOnce';
import { type AgentDefinition, checkDefinition, type Streams } from './defineAgent';
import type { RestartOptions } from './restart';
import { toLease } from './singleton';

/** A definition as it was when its agent was started, checked. */
export interface ReadDefinition {
  readonly name: string;
  readonly needs: readonly string[];
  readonly config: ConfigSchema | undefined;
  readonly restart: RestartOptions | undefined;
  readonly state: ReadState | undefined;
  /** How long the lease of a singleton is, in ms. */
  readonly singleton: number | undefined;
  readonly group: string | undefined;
  /** In ms. */
  readonly startTimeout: number | undefined;
  readonly stopTimeout: number | undefined;
  /** They are called as what they are: methods of what was given. */
  readonly given: AgentDefinition;
  readonly streams: (this: AgentDefinition, context: AgentContext<object>) => unknown;
  readonly readyWhen: ((this: AgentDefinition, streams: Streams) => unknown) | undefined;
}

/** What there is to know of an agent's state. */
export interface ReadState {
  readonly schema: StateSchema;
  readonly version: number;
  readonly migrate: ((old: unknown, version: number) => unknown) | undefined;
}

const NOBODY: readonly string[] = [];
const PARTS: readonly (keyof AgentDefinition)[] = [
  'name',
  'config',
  'streams',
  'state',
  'stateVersion',
  'migrate',
  'needs',
  'restart',
  'singleton',
  'group',
  'readyWhen',
  'startTimeout',
  'stopTimeout',
];

/**
 * Reads a definition, each part of it once: it may be a copy of one, with a change that nobody has checked, and its
 * parts may be getters.
 *
 * @throws AgentError `bad-definition`, `bad-duration` or `bad-option`
 */
export function readDefinition(definition: AgentDefinition): ReadDefinition {
  const read = readOnce(definition, PARTS);
  checkDefinition(read);
  const { name, config, needs = NOBODY, restart, startTimeout, stopTimeout, state, stateVersion = 1 } = read;
  const { streams, readyWhen, migrate } = read as Pick<ReadDefinition, 'streams' | 'readyWhen'> & {
    readonly migrate?: (this: AgentDefinition, old: unknown, version: number) => unknown;
  };
  return {
    name,
    needs,
    config,
    restart,
    state: state && {
      schema: state,
      version: stateVersion,
      migrate: migrate && ((old, version) => migrate.call(definition, old, version)),
    },
    singleton: toLease(read.singleton),
    group: read.group,
    startTimeout: startTimeout === undefined ? undefined : toMs(startTimeout),
    stopTimeout: stopTimeout === undefined ? undefined : toMs(stopTimeout),
    given: definition,
    streams,
    readyWhen,
  };
}
