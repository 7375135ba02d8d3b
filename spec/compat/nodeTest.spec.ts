import { execFile } from 'node:child_process';
import { join } from 'node:path';

it('runs under node:test without set-up', async () => {
  const file = join(__dirname, 'marbleTest.node.ts');
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', '--test', '--test-reporter', 'tap', file],
      { env, cwd: join(__dirname, '../..') },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });
  expect(output).not.toMatch(/^ *not ok/m);
  expect(output).toMatch(/# pass 33/);
});
