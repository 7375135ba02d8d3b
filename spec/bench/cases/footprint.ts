import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import type { BenchCase, Figures } from '../harness/BenchCase';

/** The kit's main door, as it was built. */
const door = (): string => process.env['KIT_DOOR'] ?? '';

async function importTime(): Promise<Figures> {
  await import('rxjs');
  const start = performance.now();
  await import(pathToFileURL(door()).href);
  return { wall: performance.now() - start };
}

async function size(): Promise<Figures> {
  return { all: await bundledSize([]), own: await bundledSize(['croner']) };
}

/** All that the door exports, with its dependencies, as a bundler for browsers ships it. */
async function bundledSize(without: readonly string[]): Promise<number> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [door()],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['rxjs', 'zod', ...without],
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

export const cases: readonly BenchCase[] = [
  {
    name: 'import after rxjs',
    sides: { kit: importTime },
    rows: [
      {
        name: 'import after rxjs: time',
        figure: 'wall',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', floor: 15, aim: 5 },
      },
    ],
  },
  {
    name: 'size of the core without rxjs and zod, min+gz',
    sides: { kit: size },
    rows: [
      {
        name: 'size of the core without rxjs and zod, min+gz',
        figure: 'all',
        unit: 'KB',
        per: 1024,
        target: { kind: 'at-most', floor: 12, aim: 8 },
      },
      {
        name: 'size of the core without croner either, min+gz',
        figure: 'own',
        unit: 'KB',
        per: 1024,
        target: { kind: 'none' },
      },
    ],
  },
];
