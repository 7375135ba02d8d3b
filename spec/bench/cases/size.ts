import { gzipSync } from 'node:zlib';
import type { Plugin } from 'esbuild';
import type { BenchCase, Figures, Row } from '../harness/BenchCase';

const ALL = "export * from './index'";
const MINIMUM = "export { createHost, defineAgent } from './index'";
const STANDALONE = "export { handle } from './index'";
const PEERS = ['rxjs', 'zod'];

/** What a part of the kit consists of, by the paths of its files. */
const PARTS = {
  messages: /\/lib\/messages\//,
  cron: /\/lib\/time\/(calendar\/|operators\/cron)/,
  supervision: /\/lib\/host\/supervision\//,
  durables: /\/lib\/(store|handlers\/durable)\//,
};

/** What an application ships that uses so much of the kit, as a bundler for browsers makes it of the sources. */
async function bundled(contents: string, external = PEERS, left?: RegExp): Promise<number> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.env['KIT_SOURCES'] ?? '', loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external,
    plugins: left === undefined ? [] : [without(left)],
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

/** Leaves a part out, as if it were somebody else's package: what that saves is what it adds. */
function without(part: RegExp): Plugin {
  return {
    name: 'without',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
        part.test(new URL(path, `file://${resolveDir}/`).pathname) ? { path, external: true } : undefined,
      );
    },
  };
}

async function size(): Promise<Figures> {
  const own = [...PEERS, 'croner'];
  const minimum = await bundled(MINIMUM, own);
  const withCroner = await bundled(MINIMUM);
  const added = async (part: keyof typeof PARTS): Promise<number> =>
    part === 'cron'
      ? withCroner - (await bundled(MINIMUM, PEERS, PARTS.cron))
      : minimum - (await bundled(MINIMUM, own, PARTS[part]));
  return {
    all: await bundled(ALL),
    minimum,
    standalone: await bundled(STANDALONE, own),
    messages: await added('messages'),
    cron: await added('cron'),
    supervision: await added('supervision'),
    durables: await added('durables'),
  };
}

function row(name: string, figure: string, target: Row['target'] = { kind: 'none' }): Row {
  return { name, figure, unit: 'KB', per: 1024, target };
}

export const cases: readonly BenchCase[] = [
  {
    name: 'size without rxjs and zod, min+gz',
    sides: { kit: size },
    rows: [
      row('size of the core without rxjs and zod, min+gz', 'all', { kind: 'at-most', floor: 36, aim: 24 }),
      row('size of defineAgent and createHost alone, without croner', 'minimum', {
        kind: 'at-most',
        floor: 24,
        aim: 16,
      }),
      row('size: what messages and calls are of that', 'messages'),
      row('size: what supervision is of that', 'supervision'),
      row('size: what durable parts and their store are of that', 'durables'),
      row('size: what cron adds to that, with croner', 'cron'),
      row('size of handle alone, in no agent', 'standalone'),
    ],
  },
];
