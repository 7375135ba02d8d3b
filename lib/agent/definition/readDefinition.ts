import type { Observable } from 'rxjs';
import { toMs } from '../../time/duration';
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
  streams(context: AgentContext<object>): unknown;
  readonly readyWhen: ((streams: Streams) => Observable<unknown>) | undefined;
}

/** They are called as what they are: methods of the definition. */
interface Functions {
  readonly streams: (this: AgentDefinition, context: AgentContext<object>) => Streams;
  readonly readyWhen?: (this: AgentDefinition, streams: Streams) => Observable<unknown>;
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
  const given = readOnce(definition, PARTS);
  checkDefinition(given);
  const { name, config, needs, restart, startTimeout, stopTimeout } = given;
  const { streams, readyWhen } = given as Functions;
  return {
    name,
    needs: needs ?? NOBODY,
    config,
    restart,
    startTimeout: startTimeout === undefined ? undefined : toMs(startTimeout),
    stopTimeout: stopTimeout === undefined ? undefined : toMs(stopTimeout),
    streams: streams.bind(definition),
    readyWhen: readyWhen?.bind(definition),
  };
}
