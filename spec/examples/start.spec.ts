import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** One of the examples that npm starts, without npm, as a process of its own. */
function start(file: string, ...args: string[]): ChildProcess {
  const root = join(__dirname, '../..');
  return spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root, stdio: 'pipe' });
}

describe('npm run start:first', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s, with exit code 0', async (signal) => {
    const child = start('examples/start.ts');
    const lines: string[] = [];
    const ended = once(child, 'close');
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      if (line.endsWith('● greeter ready       │')) child.kill(signal);
    });
    expect(await ended).toEqual([0, null]);
    expect(lines[0]).toBe('The agent of examples/01-delayed-async-handler.ts, live');
    expect(lines.slice(-6, -1).map((line) => line.slice(10))).toEqual([
      '● greeter stopping    │',
      '                      └ greeting$ cancelled: after',
      '● greeter finish',
      '● greeter stopped',
      '',
    ]);
    expect(lines.at(-1)).toMatch(/^Stopped after .*: no timers fired, .* no errors; nothing is left\.$/);
  });
});

describe('npm start', () => {
  it('registers, polls, opts in and reports, and ends by itself after the time that it was given', async () => {
    const child = start('examples/openadr/start.ts', '--speed', '600', '--minutes', '13');
    const lines: string[] = [];
    const ended = once(child, 'close');
    createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
    expect(await ended).toEqual([0, null]);
    const text = lines.join('\n');
    for (const told of [
      'VEN registered',
      'optIn: peak',
      'poll',
      'report of 10',
      'peak ramp-up',
      'limit 85 %',
    ])
      expect(text).toContain(told);
    expect(text).toContain('Stopped: nothing is left.');
    expect(lines.at(-2)).toMatch(
      /^\d+ polls, 1 events opted in, 1 reports sent, 10 values accepted by the VTN$/,
    );
  });

  it('cancels the registration at Ctrl-C, and ends with exit code 0', async () => {
    const child = start('examples/openadr/start.ts');
    const lines: string[] = [];
    const ended = once(child, 'close');
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      if (line.includes('VEN registered')) child.kill('SIGINT');
    });
    expect(await ended).toEqual([0, null]);
    expect(lines.join('\n')).toMatch(/VEN cancelled[^]*Stopped: nothing is left\./);
  });

  it('says what is wrong with an option', async () => {
    const child = start('examples/openadr/start.ts', '--spede', '3');
    const lines: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(lines.join('\n')).toMatch(/^Unknown option '--spede'[^]*npm start -- \[options\]/);
  });
});
