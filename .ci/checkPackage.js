// Checks what a user gets: packs the package, lints the tarball, resolves its types, and installs it as a user does.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ONCE = `import { defineAgent, type Host } from 'rx-agent-kit';
const once = defineAgent({ name: 'once', streams: ({ lifecycle }) => ({ started$: lifecycle.start$ }) });
export default async (host: Host): Promise<void> => {
  await host.start(once);
  void host.stop();
};
`;
/** The oldest compiler that reads the types, and how projects tell it to find them. */
const OLDEST = '5.4';
const RESOLUTIONS = [
  // Many projects with ts-jest: it knows no "exports".
  ['commonjs', 'node'],
  ['esnext', 'node'],
  ['node16', 'node16'],
  ['esnext', 'bundler'],
];
const DOORS = [
  'rx-agent-kit',
  'rx-agent-kit/testing',
  'rx-agent-kit/node',
  'rx-agent-kit/nats',
  'rx-agent-kit/lmdb',
];

/** What an application ships at most, in bytes, that uses one thing of the main door. All is in one file, and yet it pays for no more. */
const MOST_SHIPPED = { toMs: 6000, after: 8500, topic: 8500, handle: 18_000 };

const { devDependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const others = [...Object.keys(peerDependencies), '@types/node'];
const packages = [...others.map((name) => `${name}@${devDependencies[name]}`), `typescript@${OLDEST}`];

const folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32', ...options });
const runThere = (command, ...args) => run(command, args, { cwd: folder });

try {
  run('npm', ['pack', '--pack-destination', folder]);
  const tarball = join(folder, readdirSync(folder)[0]);
  run('npx', ['publint', '--strict', tarball]);
  run('npx', ['attw', tarball]);

  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  runThere('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...packages);
  runThere('node', '-e', DOORS.map((door) => `require('${door}');`).join(''));
  runThere('node', '--input-type=module', '-e', DOORS.map((door) => `import '${door}';`).join(''));
  // Old resolvers know no "exports" either: to them a door is a folder.
  const folders = DOORS.map((door) => `require('./node_modules/${door}');`).join('');
  runThere('node', '-e', folders);

  for (const [name, most] of Object.entries(MOST_SHIPPED)) {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${name} } from 'rx-agent-kit'`, resolveDir: folder },
      bundle: true,
      minify: true,
      format: 'esm',
      external: ['rxjs', 'rxjs-for-await', 'croner', 'zod'],
      write: false,
    });
    const { length } = gzipSync(outputFiles[0].contents);
    if (length > most) throw new Error(`${name} alone takes ${length} bytes, and may take ${most}.`);
  }

  for (const name of ['consumer.ts', 'consumer.mts'])
    copyFileSync(join(import.meta.dirname, 'consumer.ts'), join(folder, name));
  const compiler = ['tsc', '--noEmit', '--strict', '--target', 'es2022', '--esModuleInterop'];
  for (const [module, resolution] of RESOLUTIONS)
    runThere(
      'npx',
      ...compiler,
      '--module',
      module,
      '--moduleResolution',
      resolution,
      'consumer.ts',
      'consumer.mts',
    );

  // The command, as it is installed: it loads a module in TypeScript that imports the kit, and stops by itself.
  writeFileSync(join(folder, 'once.ts'), ONCE);
  runThere('npx', 'rx-agent-kit', 'list', 'once.ts');
  runThere('npx', 'rx-agent-kit', 'run', 'once.ts');
} finally {
  rmSync(folder, { recursive: true });
}
