import type { ZodType } from 'zod';
import { AgentError, messageOf } from '../../AgentError';
import { isAsyncError, waitsFor } from '../../messages/payloads/asyncSchema';
import { factsOf } from '../../messages/payloads/schemaFacts';
import type { ConfigStore } from './ConfigStore';
import { unknownKeys, unknownKeyText } from './unknownKeys';

/** A zod schema of an agent's config: an object, whatever it is read from. */
export type ConfigSchema = ZodType<object>;

/** Stands for the schema of an agent that has none, and takes no config. */
export type NoConfig = ZodType<object, undefined>;

/** Where a config comes from, if it is not given by hand. */
export type ConfigOrigin = Pick<ConfigStore, 'origin' | 'hide'>;

/**
 * Reads an agent's config by its schema. Nothing given is read as an empty object, so that defaults apply.
 *
 * @throws AgentError `bad-config`, with the path and the message of each issue
 */
export function parseConfig(
  agent: string,
  schema: ConfigSchema | undefined,
  input: unknown,
  from?: ConfigOrigin,
): object {
  const refuse = (message: string, cause?: unknown): AgentError => badConfig(agent, message, cause, from);
  const where = from === undefined ? '' : ` in ${from.origin}`;
  if (schema === undefined) {
    if (input === undefined) return {};
    const given = from === undefined ? 'was given one' : `there is one${where}`;
    throw refuse(`${agent} takes no config, but ${given}. Add a config schema to its definition.`);
  }
  const waiting = (): string =>
    `The config of ${agent}${where} cannot be read: ${waitsFor(schema)}, and a config is read at once. Let the schema say what can be told at once, and look into the rest in the agent: in a handler of start$, or with readyWhen.`;
  // It is not even called: what becomes of its promise would be nobody's business.
  if (factsOf(schema).async !== undefined) throw refuse(waiting());
  let result;
  try {
    result = schema.safeParse(input ?? {});
  } catch (cause) {
    if (isAsyncError(cause)) throw refuse(waiting(), cause);
    throw refuse(`The config of ${agent}${where} cannot be read: ${messageOf(cause)}`, cause);
  }
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${pathOf(path)}: ${message}`);
  // What is missing may be there under a name that is wrong.
  const unknown = unknownKeys(schema, input).map(unknownKeyText);
  throw refuse(
    [`The config of ${agent}${where} does not fit its schema:`, ...issues, ...unknown].join('\n  '),
    result.error,
  );
}

/** The store itself has failed. */
export function unreadableConfig(agent: string, from: ConfigOrigin, cause: unknown): AgentError {
  const message = `The config of ${agent} cannot be read from ${from.origin}: ${messageOf(cause)}`;
  return badConfig(agent, message, cause, from);
}

/** A schema may quote in its messages what it was given: what is secret of that is written over, or left out. */
function badConfig(
  agent: string,
  message: string,
  cause: unknown,
  from: ConfigOrigin | undefined,
): AgentError {
  try {
    const hide = (text: string): string => from?.hide?.(text) ?? text;
    const isShown = cause !== undefined && hide(messageOf(cause)) === messageOf(cause);
    return new AgentError('bad-config', hide(message), isShown ? { agent, cause } : { agent });
  } catch {
    // Nobody knows what of it is secret.
    return new AgentError(
      'bad-config',
      `The config of ${agent} does not fit, and its store cannot say why.`,
      { agent },
    );
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the config itself)' : path.map(String).join('.');
}
