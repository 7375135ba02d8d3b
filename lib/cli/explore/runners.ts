import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CommandError } from '../CommandError';

export const RUNNERS = ['jest', 'vitest', 'node'] as const;
export type Runner = (typeof RUNNERS)[number];

/** The longest that a timer of the host takes, in ms. */
const NO_TIMEOUT = 2 ** 31 - 1;

const CONFIGS: Readonly<Record<Exclude<Runner, 'node'>, readonly string[]>> = {
  jest: ['jest.config.js', 'jest.config.mjs', 'jest.config.cjs', 'jest.config.ts', 'jest.config.json'],
  vitest: [
    'vitest.config.ts',
    'vitest.config.js',
    'vitest.config.mts',
    'vitest.config.mjs',
    'vite.config.ts',
  ],
};

interface PackageJson {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly devDependencies?: object;
  readonly jest?: object;
}

/** The test runner of the project in a folder: what its `test` script, its configs or its dependencies name. */
export function runnerOf(folder: string): Runner {
  const { scripts, dependencies, devDependencies, jest } = packageOf(folder);
  const script = scripts?.['test'] ?? '';
  const packages = { ...dependencies, ...devDependencies };
  const named = (['vitest', 'jest'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(script));
  if (named !== undefined) return named;
  if (/\bnode\b.*--test\b/.test(script)) return 'node';
  if (jest !== undefined) return 'jest';
  const kinds = ['jest', 'vitest'] as const;
  const configured = kinds.find((name) => CONFIGS[name].some((file) => existsSync(join(folder, file))));
  return configured ?? kinds.find((name) => name in packages) ?? 'node';
}

/**
 * The arguments for Node by which a runner runs files one after the other, without a time limit.
 *
 * @param name the tests that are meant, as the runner takes it
 * @throws CommandError if the runner is not installed there
 */
export function commandLineOf(
  runner: Runner,
  folder: string,
  files: readonly string[],
  name?: string,
): readonly string[] {
  switch (runner) {
    case 'jest':
      return [
        resolve(folder, 'jest', 'jest/bin/jest'),
        '--runInBand',
        `--testTimeout=${String(NO_TIMEOUT)}`,
        ...(name === undefined ? [] : ['--testNamePattern', name]),
        '--runTestsByPath',
        ...files,
      ];
    case 'vitest':
      return [
        join(resolve(folder, 'vitest', 'vitest/package.json'), '..', 'vitest.mjs'),
        'run',
        '--no-file-parallelism',
        '--testTimeout=0',
        ...(name === undefined ? [] : ['--testNamePattern', name]),
        ...files,
      ];
    case 'node':
      return [
        ...loaderOf(folder, files),
        '--test',
        ...(name === undefined ? [] : [`--test-name-pattern=${name}`]),
        ...files,
      ];
  }
}

/** Node alone reads TypeScript only in its later versions. */
function loaderOf(folder: string, files: readonly string[]): readonly string[] {
  if (!files.some((file) => /\.[cm]?tsx?$/.test(file))) return [];
  try {
    createRequire(join(folder, 'package.json')).resolve('tsx');
    return ['--import', 'tsx'];
  } catch {
    return [];
  }
}

function resolve(folder: string, runner: string, what: string): string {
  try {
    return createRequire(join(folder, 'package.json')).resolve(what);
  } catch (cause) {
    const message = `${runner} is not installed in ${folder}: npm install --save-dev ${runner}, or say which runner the project has with --runner.`;
    throw new CommandError(message, { cause });
  }
}

function packageOf(folder: string): PackageJson {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : {};
}
