// Checks what a user gets: packs the package, lints the tarball, resolves its types, and loads all doors.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ONCE = `import { defineAgent, type Host } from 'rx-agent-kit';
const once = defineAgent({ name: 'once', streams: ({ lifecycle }) => ({ started$: lifecycle.start$ }) });
export default async (host: Host): Promise<void> => {
  await host.start(once);
  void host.stop();
};
`;
const { devDependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const peers = Object.keys(peerDependencies).map((name) => `${name}@${devDependencies[name]}`);

const folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
const run = (command, ...args) =>
  execFileSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });

try {
  run('npm', 'pack', '--pack-destination', folder);
  const tarball = join(folder, readdirSync(folder)[0]);
  run('npx', 'publint', '--strict', tarball);
  // node10 is left out: it reads no "exports", so it cannot find the ./testing door.
  run('npx', 'attw', '--profile', 'node16', tarball);
  // A package may import itself by its name: this goes through "exports" to dist/.
  run('node', '-e', "require('rx-agent-kit'); require('rx-agent-kit/testing'); require('rx-agent-kit/node')");
  run(
    'node',
    '--input-type=module',
    '-e',
    "import 'rx-agent-kit'; import 'rx-agent-kit/testing'; import 'rx-agent-kit/node'",
  );
  // The command, as it is installed: it loads a module in TypeScript that imports the kit, and stops by itself.
  run('npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', '--prefer-offline', tarball, ...peers);
  writeFileSync(join(folder, 'once.ts'), ONCE);
  run(join(folder, 'node_modules/.bin/rx-agent-kit'), 'list', join(folder, 'once.ts'));
  run(join(folder, 'node_modules/.bin/rx-agent-kit'), 'run', join(folder, 'once.ts'));
} finally {
  rmSync(folder, { recursive: true });
}
