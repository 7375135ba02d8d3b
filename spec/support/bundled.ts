import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '../..');
// In node_modules, so that packages are found from there.
const FOLDER = join(ROOT, 'node_modules/.cache/spec');

let bundles = 0;

/**
 * Gives the path of one plain file that is made, while the specs of this file run, of a TypeScript program with all
 * that it imports from here. A process runs it: that starts in a tenth of the time in which a loader compiles it file
 * by file.
 */
export function bundled(program: string): string {
  const path = join(FOLDER, `${process.pid}-${bundles++}.mjs`);
  beforeAll(async () => {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [program],
      outfile: path,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      keepNames: true,
      plugins: [ownUrls],
      logLevel: 'silent',
    });
  });
  afterAll(() => rmSync(path));
  return path;
}

/** What lies beside a source, a worker or data, is found from where the source is. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: source.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};
