import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundled } from '../../support/bundled';
import { Command, useFolder } from '../support/Command';
import { useCommandLines } from '../support/CommandLines';

const testing = bundled('lib/testing/index.ts');
const folder = useFolder();
const commandLine = useCommandLines();

/** A spec for node:test: which of two plain timers is first. */
const specOf = (isRight: boolean): string => `
  import { it } from 'node:test';
  import { explore } from ${JSON.stringify(pathToFileURL(testing).href)};
  it('is shut in the end', explore(({ eventually }) => {
    const valve = [];
    setTimeout(() => valve.push('open'), 10);
    setTimeout(() => setTimeout(() => valve.push('shut'), 5), 5);
    eventually(() => ${isRight ? 'valve.length === 2' : "valve.at(-1) === 'shut'"}, 'it is shut');
  }, { runs: 5, seed: 1 }));`;

const explore = (...args: string[]): Command =>
  new Command(['explore', join(folder.path, 'valve.mjs'), '--runner', 'node', ...args]);

describe('rx-agent-kit explore', () => {
  it('keeps what fails, tries it first the next time, and lets it go when it fails no more', async () => {
    const tapes = join(folder.path, 'kept', 'tapes.json');
    folder.write('valve.mjs', specOf(false));
    const first = explore('--runs', '500', '--tapes', tapes);
    expect(await first.end()).toBe(1);
    expect(first.text).toContain("eventually 'it is shut' does not hold in the end, at 10ms.");
    expect(first.text).toContain('setTimeout of 5ms goes before setTimeout of 10ms');
    expect(first.errors.join('\n')).toMatch(
      /^fails +\w+: \d+ runs, \d+ different traces, up to \d+ choices/m,
    );
    const kept = readFileSync(tapes, 'utf8');
    const tape = /k\w+(?=")/.exec(kept)?.[0];
    expect(first.text).toContain(`replay: '${tape ?? 'none'}'`);

    const second = explore('--runs', '500', '--tapes', tapes);
    expect(await second.end()).toBe(1);
    expect(second.text).toContain('A run that has failed before fails');
    expect(second.errors.join('\n')).toContain(': 2 runs,');
    expect(readFileSync(tapes, 'utf8')).toBe(kept);
  });

  it('searches as long as it says, and says what was searched', async () => {
    folder.write('valve.mjs', specOf(true));
    const tapes = join(folder.path, 'tapes.json');
    const command = explore('--runs', '300', '--seed', '7', '--tapes', tapes);
    expect(await command.end()).toBe(0);
    expect(command.errors.join('\n')).toMatch(
      /^holds +\w+: 300 runs, [2-8] different traces, up to \d+ choices, [\d,]+ a second, seed 7$/m,
    );
    expect(existsSync(tapes)).toBe(false);
  });

  it('says when there are no other runs', async () => {
    folder.write('valve.mjs', specOf(true));
    const command = explore('--exhaustive', '--runs', '300', '--tapes', join(folder.path, 'tapes.json'));
    expect(await command.end()).toBe(0);
    expect(command.errors.join('\n')).toMatch(/^holds always +\w+: \d+ runs,/m);
  });

  it('says when a spec searches nothing', async () => {
    folder.write('valve.mjs', "import { it } from 'node:test'; it('is', () => undefined);");
    const command = explore('--tapes', join(folder.path, 'tapes.json'));
    expect(await command.end()).toBe(0);
    expect(command.errors.join('\n')).toContain('No test of these has searched anything');
  });

  it.each<[string, readonly string[], string]>([
    ['a file that is not there', ['explore', 'nowhere.spec.ts'], 'nowhere.spec.ts: there is no such file.'],
    ['half a run', ['explore', 'package.json', '--runs', '0.5'], 'Give a whole number above 0'],
    [
      'a runner that it does not know',
      ['explore', 'package.json', '--runner', 'mocha'],
      'jest, vitest, node',
    ],
  ])('refuses %s', async (_what, args, message) => {
    const { code, err } = await commandLine(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
