// Checks what a user gets: packs the package, lints the tarball, resolves its types, and loads all doors.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
} finally {
  rmSync(folder, { recursive: true });
}
