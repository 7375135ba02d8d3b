import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchCase } from './BenchCase';

const BENCH = resolve(import.meta.dirname, '..');
const ROOT = resolve(BENCH, '../..');
/** Here the compiled cases find both their rivals and the root's rxjs, as an application would. */
const COMPILED = join(BENCH, 'node_modules', '.cases');

/** The files of the cases, in the order of the table. */
const FILES = [
  'cycle',
  'handlers',
  'depth',
  'timers',
  'restart',
  'periodic',
  'virtualTime',
  'marbleTests',
  'pending',
  'exploring',
  'durable',
  'idleHeap',
  'stop',
  'startStop',
  'messages',
  'trace',
  'nats',
  'footprint',
  'size',
];

/** A case, and the compiled file that it is in. */
export interface CompiledCase extends BenchCase {
  readonly file: string;
}

/** Installs the rivals where they are missing. They are this folder's own: users never get them. */
export function installRivals(): void {
  if (existsSync(join(BENCH, 'node_modules', 'moleculer'))) return;
  console.error('Installing the rivals into spec/bench/node_modules …');
  execFileSync('npm', ['ci', '--prefix', BENCH, '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
}

export function buildKit(): void {
  console.error('Building the kit …');
  // What it prints is of interest only when it fails; then it is in the error.
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'pipe' });
}

/**
 * Compiles the cases to plain JavaScript. The kit is imported as it was built, and like the rivals it is not
 * bundled: what is measured is what an application loads.
 *
 * @param kit the folder of the build to be measured
 */
export async function compileCases(kit = join(ROOT, 'dist')): Promise<readonly CompiledCase[]> {
  const { build } = await import('esbuild');
  const doors = {
    'rx-agent-kit': 'index.js',
    'rx-agent-kit/testing': 'testing/index.js',
    'rx-agent-kit/node': 'node/index.js',
    'rx-agent-kit/lmdb': 'lmdb/index.js',
    'rx-agent-kit/nats': 'nats/index.js',
  };
  // A bundler of an application leaves out what is not used, and so it is given the sources of this checkout.
  process.env['KIT_SOURCES'] = join(ROOT, 'lib');
  process.env['KIT_DOOR'] = join(resolve(kit), doors['rx-agent-kit']);
  await build({
    entryPoints: [
      join(BENCH, 'harness', 'runSide.ts'),
      join(BENCH, 'cases', 'nats', 'peer.ts'),
      ...FILES.map((name) => join(BENCH, 'cases', `${name}.ts`)),
    ],
    outdir: COMPILED,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    plugins: [
      {
        name: 'kit',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^rx-agent-kit(\/testing|\/node|\/lmdb|\/nats)?$/ }, ({ path }) => ({
            path: pathToFileURL(join(resolve(kit), doors[path as keyof typeof doors])).href,
            external: true,
          }));
        },
      },
    ],
  });
  const loaded = await Promise.all(FILES.map((name) => load(join(COMPILED, `${name}.js`))));
  return loaded.flat();
}

/** The process that measures one side. */
export const SIDE_RUNNER = join(COMPILED, 'runSide.js');

async function load(file: string): Promise<readonly CompiledCase[]> {
  const { cases } = (await import(pathToFileURL(file).href)) as { cases: readonly BenchCase[] };
  return cases.map((benchCase) => ({ ...benchCase, file }));
}
