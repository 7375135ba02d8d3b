import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type * as Yaml from 'yaml';
import type { AgentError } from '../../AgentError';
import { messageOf } from '../../AgentError';
import type { ConfigStore, ConfigWatcher } from '../../agent/config/ConfigStore';
import { checkOptions, optionTable } from '../../options/checkOptions';
import { aName, must } from '../../options/checks';
import { optionalPackage } from '../optionalPackage';
import { badConfigFile, changedSections, parseSections, type Sections } from './parseSections';
import { Secrets } from './Secrets';
import { watchText } from './watchText';

export interface FileConfigOptions {
  /** Where `${NAME}` is looked up. Default the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const FILE_CONFIG = optionTable<FileConfigOptions>(
  {
    env: must(
      (env) => typeof env === 'object' && env !== null,
      'an object of variables, such as process.env',
    ),
  },
  { environment: 'env', variables: 'env' },
);

/**
 * Reads the configs of agents from a YAML or JSON file with a section for each agent, by its name, and follows what
 * becomes of the file while a host uses it. Needs the package `yaml`.
 * ```ts
 * const host = createHost({ configs: await fileConfig('farm.yaml') });
 * await host.start(meter); // with what stands under `meter:`
 * ```
 * An edit is on `config$` of just the agents whose section it changes. One that does not fit is on `errors$`, and
 * the present config stays. `${NAME}` in a value stands for a variable of the environment: what that holds is never
 * shown in errors, the log, or a trace that is written to a file.
 *
 * Rejects with AgentError `bad-config-file` or `missing-package`.
 */
export async function fileConfig(path: string, options: FileConfigOptions = {}): Promise<ConfigStore> {
  aName(path, 'fileConfig', 'path');
  checkOptions('fileConfig', FILE_CONFIG, options);
  const yaml = await optionalPackage('yaml', 'A config file', () => import('yaml'));
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  return new ConfigFile(path, yaml, text, options.env ?? process.env);
}

class ConfigFile implements ConfigStore {
  private readonly secrets = new Secrets();
  private present: Sections;

  constructor(
    readonly origin: string,
    private readonly yaml: typeof Yaml,
    private text: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.present = this.parse(text);
  }

  readonly hide = this.secrets.hide;

  sections(): readonly string[] {
    return [...this.present.keys()];
  }

  read(agent: string): unknown {
    return this.present.get(agent);
  }

  watch(watcher: ConfigWatcher): () => void {
    return watchText(this.origin, this.text, (text) => {
      try {
        watcher.changed(this.take(text));
      } catch (error) {
        watcher.failed(error as AgentError);
      }
    });
  }

  /** Takes a new text, if it can be read, and says which agents it concerns. */
  private take(text: string | undefined): string[] {
    if (text === undefined)
      throw badConfigFile(
        `${this.origin} ${existsSync(this.origin) ? 'cannot be read' : 'is gone'}. The configs stay as they are until it can be read again.`,
      );
    const before = this.present;
    this.present = this.parse(text);
    this.text = text;
    return changedSections(before, this.present);
  }

  private parse(text: string): Sections {
    return parseSections(this.yaml, text, this.origin, (name, field) => {
      const value = this.env[name];
      if (value !== undefined) this.secrets.add(name, value, field);
      return value;
    });
  }
}

function unreadable(path: string, cause: unknown): AgentError {
  const { code } = cause as { readonly code?: unknown };
  const why = code === 'ENOENT' ? 'there is no such file' : messageOf(cause);
  return badConfigFile(
    `The config file ${path} cannot be read: ${why}. Give the path of a YAML or JSON file.`,
    cause,
  );
}
