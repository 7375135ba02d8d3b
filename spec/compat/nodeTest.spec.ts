import { execFile } from 'node:child_process';
import { bundled } from '../support/bundled';

const file = bundled('spec/compat/marbleTest.node.ts');

it('runs under node:test without set-up', async () => {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['--test', '--test-reporter', 'tap', file],
      { env },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });
  expect(output).not.toMatch(/^ *not ok/m);
  expect(output).toMatch(/# pass 33/);
});
