import type { ZodType } from 'zod';
import { AgentError, messageOf } from '../AgentError';

/** A zod schema of an agent's config: an object, whatever it is read from. */
export type ConfigSchema = ZodType<object>;

/** Stands for the schema of an agent that has none, and takes no config. */
export type NoConfig = ZodType<object, undefined>;

/**
 * Reads an agent's config by its schema. Nothing given is read as an empty object, so that defaults apply.
 *
 * @throws AgentError `bad-config`, with the path and the message of each issue
 */
export function parseConfig(agent: string, schema: ConfigSchema | undefined, input: unknown): object {
  if (schema === undefined) {
    if (input === undefined) return {};
    throw new AgentError(
      'bad-config',
      `${agent} takes no config, but was given one. Add a config schema to its definition.`,
      { agent },
    );
  }
  let result;
  try {
    result = schema.safeParse(input ?? {});
  } catch (cause) {
    throw new AgentError('bad-config', `The config of ${agent} cannot be read: ${messageOf(cause)}`, {
      agent,
      cause,
    });
  }
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `  ${pathOf(path)}: ${message}`);
  throw new AgentError(
    'bad-config',
    [`The config of ${agent} does not fit its schema:`, ...issues].join('\n'),
    {
      agent,
      cause: result.error,
    },
  );
}

/** Makes `view` show what `config` holds, and nothing else. */
export function showConfig(view: object, config: object): void {
  for (const key of Object.keys(view)) if (!(key in config)) Reflect.deleteProperty(view, key);
  Object.assign(view, config);
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the config itself)' : path.map(String).join('.');
}
