import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../AgentError';
import { commandPackage } from './commandPackage';
import { CommandError } from './CommandError';
import { ownDoors } from './ownDoors';

/** A module that has been loaded. */
export interface LoadedModule {
  /** Its path, as it was given. */
  readonly path: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The modules that the command was given, in TypeScript or JavaScript; they can be loaded over and over. */
export class Modules {
  /** The files that have been loaded, besides those of packages, with the texts that they had. */
  texts: ReadonlyMap<string, string> = new Map();

  constructor(private readonly paths: readonly string[]) {}

  /** @throws CommandError that names the module which cannot be loaded */
  async load(): Promise<LoadedModule[]> {
    const { createJiti } = await commandPackage('jiti', () => import('jiti'));
    // Node's own import would keep what it has loaded for good.
    const jiti = createJiti(resolve('rx-agent-kit'), {
      tryNative: false,
      fsCache: false,
      virtualModules: ownDoors,
    });
    try {
      const modules: LoadedModule[] = [];
      for (const path of this.paths) modules.push({ path, exports: await this.loadOne(jiti, path) });
      return modules;
    } finally {
      this.forget(jiti.cache);
    }
  }

  private async loadOne(
    jiti: { import(id: string): Promise<unknown> },
    path: string,
  ): Promise<LoadedModule['exports']> {
    const file = resolve(path);
    if (!existsSync(file))
      throw new CommandError(
        `There is no module ${path} (${file}). Give the path of a .ts, .js, .mts, .mjs, .cts or .cjs file.`,
      );
    try {
      const exports = await jiti.import(file);
      return typeof exports === 'object' && exports !== null
        ? (exports as LoadedModule['exports'])
        : { default: exports };
    } catch (error) {
      throw new CommandError(`${path} cannot be loaded: ${messageOf(error)}`, { cause: error });
    }
  }

  /** What was loaded is noted, and loaded anew the next time. */
  private forget(cache: Record<string, unknown>): void {
    const own = Object.keys(cache).filter((file) => !/[\\/]node_modules[\\/]/.test(file));
    this.texts = new Map(
      [...this.paths.map((path) => resolve(path)), ...own].map((file) => [file, textOf(file)]),
    );
    for (const file of own) Reflect.deleteProperty(cache, file);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
