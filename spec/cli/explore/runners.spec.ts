import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf, runnerOf } from '../../../lib/cli/explore/runners';

describe('runnerOf', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'runners-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each<[string, string, object, readonly string[]]>([
    ['jest', 'the test script', { scripts: { test: 'jest --ci' } }, []],
    ['vitest', 'the test script', { scripts: { test: 'vitest run' }, devDependencies: { jest: '1' } }, []],
    [
      'node',
      'the test script',
      { scripts: { test: 'node --import tsx --test' }, devDependencies: { jest: '1' } },
      [],
    ],
    ['jest', 'its part of package.json', { jest: {}, devDependencies: { vitest: '1' } }, []],
    ['vitest', 'a config file', { devDependencies: { jest: '1' } }, ['vitest.config.ts']],
    ['jest', 'one of two config files', {}, ['vitest.config.ts', 'jest.config.js']],
    ['vitest', 'the packages', { devDependencies: { vitest: '4' } }, []],
    ['node', 'nothing', {}, []],
  ])('finds %s by %s', (runner, _by, packageJson, files) => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(packageJson));
    for (const file of files) writeFileSync(join(folder, file), '');
    expect(runnerOf(folder)).toBe(runner);
  });

  it('finds node where there is no package.json', () => {
    expect(runnerOf(folder)).toBe('node');
  });
});

describe('commandLineOf', () => {
  it('runs the files of a project one after the other, without a time limit', () => {
    const [jest, ...args] = commandLineOf('jest', process.cwd(), ['/a.spec.ts'], 'charges once');
    expect(jest).toMatch(/jest[/\\]bin[/\\]jest\.js$/);
    expect(args).toEqual([
      '--runInBand',
      '--testTimeout=2147483647',
      '--testNamePattern',
      'charges once',
      '--runTestsByPath',
      '/a.spec.ts',
    ]);
    expect(commandLineOf('vitest', process.cwd(), ['/a.spec.ts']).slice(1)).toEqual([
      'run',
      '--no-file-parallelism',
      '--testTimeout=0',
      '/a.spec.ts',
    ]);
    expect(commandLineOf('node', process.cwd(), ['/a.spec.ts'], 'x')).toEqual([
      '--import',
      'tsx',
      '--test',
      '--test-name-pattern=x',
      '/a.spec.ts',
    ]);
  });

  it('says what to install', () => {
    expect(() => commandLineOf('jest', tmpdir(), [])).toThrow(
      /^jest is not installed in .*npm install --save-dev jest/,
    );
  });
});
