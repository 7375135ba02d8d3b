import { toMs } from '../../time/spans/duration';
import type { ConfigSchema } from '../config/config';
import type { AgentContext } from './AgentContext';
import { readOnce } from '../../options/readOnce';
import { type AgentDefinition, checkDefinition, type Streams } from './defineAgent';
import type { RestartOptions } from './restart';

/** A definition as it was when its agent was started, checked. */
export interface ReadDefinition {
  readonly name: string;
  readonly needs: readonly string[];
  readonly config: ConfigSchema | undefined;
  readonly restart: RestartOptions | undefined;
  /** In ms. */
  readonly startTimeout: number | undefined;
  readonly stopTimeout: number | undefined;
  /** They are called as what they are: methods of what was given. */
  readonly given: AgentDefinition;
  readonly streams: (this: AgentDefinition, context: AgentContext<object>) => unknown;
  readonly readyWhen: ((this: AgentDefinition, streams: Streams) => unknown) | undefined;
}

const NOBODY: readonly string[] = [];
const PARTS: readonly (keyof AgentDefinition)[] = [
  'name',
  'config',
  'streams',
  'needs',
  'restart',
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
  const { name, config, needs = NOBODY, restart, startTimeout, stopTimeout } = read;
  const { streams, readyWhen } = read as Pick<ReadDefinition, 'streams' | 'readyWhen'>;
  return {
    name,
    needs,
    config,
    restart,
    startTimeout: startTimeout === undefined ? undefined : toMs(startTimeout),
    stopTimeout: stopTimeout === undefined ? undefined : toMs(stopTimeout),
    given: definition,
    streams,
    readyWhen,
  };
}
