import { isDeepStrictEqual } from 'node:util';
import type * as Yaml from 'yaml';
import { AgentError } from '../../AgentError';

/** The configs of agents, by their names. */
export type Sections = ReadonlyMap<string, unknown>;

/** Gives the value of a variable of the environment, if it is set, for a field of that name. */
export type ReadVariable = (name: string, field: string | undefined) => string | undefined;

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a text in YAML, or in JSON, which is YAML as well, with a section for each agent. `${NAME}` in a value
 * is replaced when all has been parsed, so that what a variable holds is text whatever it looks like.
 *
 * @throws AgentError `bad-config-file`, with the file and the place in it
 */
export function parseSections(
  { parseDocument, LineCounter }: Pick<typeof Yaml, 'parseDocument' | 'LineCounter'>,
  text: string,
  path: string,
  readVariable: ReadVariable,
): Sections {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw badConfigFile(`${path}:${line}:${col} is no YAML: ${error.message}`);
  }
  const root: unknown = document.toJS();
  if (root === null) return new Map();
  if (typeof root !== 'object' || Array.isArray(root))
    throw badConfigFile(
      `${path} has to hold a section for each agent, by its name:\n\n  meter:\n    rate: 3`,
    );
  return new Map(
    Object.entries(root).map(([agent, section]) => [
      agent,
      withVariables(section, [agent], path, readVariable),
    ]),
  );
}

/** The names of the sections that are not the same in both. */
export function changedSections(before: Sections, after: Sections): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)));
}

export function badConfigFile(message: string, cause?: unknown): AgentError {
  return new AgentError('bad-config-file', message, cause === undefined ? {} : { cause });
}

function withVariables(
  value: unknown,
  at: readonly string[],
  path: string,
  readVariable: ReadVariable,
): unknown {
  const into = (member: unknown, key: string): unknown =>
    withVariables(member, [...at, key], path, readVariable);
  if (typeof value === 'string')
    return value.replace(VARIABLE, (_text, name: string) => valueOf(name, at, path, readVariable));
  if (Array.isArray(value)) return value.map((member, index) => into(member, String(index)));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, into(member, key)]));
}

function valueOf(name: string, at: readonly string[], path: string, readVariable: ReadVariable): string {
  const place = `${at.join('.')} in ${path}`;
  if (!NAME.test(name))
    throw badConfigFile(`${place}: \${${name}} names no variable. Write \${NAME}, and nothing else in it.`);
  // A list has its field's name.
  const field = [...at].reverse().find((key) => !/^\d+$/.test(key));
  const value = readVariable(name, field);
  if (value !== undefined) return value;
  throw badConfigFile(
    `${place} needs the environment variable ${name}, which is not set. Set it, or write the value into the file.`,
  );
}
