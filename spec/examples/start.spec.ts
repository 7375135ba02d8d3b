import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundled } from '../support/bundled';

const FIRST = bundled('examples/start.ts');
const OPENADR = bundled('examples/openadr/start.ts');

/** One of the examples that npm starts, as a process of its own. */
function start(path: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [path, ...args], { stdio: 'pipe' });
}

describe('npm run start:first', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s, with exit code 0', async (signal) => {
    const child = start(FIRST);
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
    const child = start(OPENADR, '--speed', '600', '--minutes', '25');
    const lines: string[] = [];
    const ended = once(child, 'close');
    createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
    expect(await ended).toEqual([0, null]);
    const text = lines.join('\n');
    for (const told of ['VEN registered', 'optIn: peak', 'peak ramp-up', 'limit 85 %', 'VEN cancelled'])
      expect(text).toContain(told);
    expect(text).toContain('Stopped: nothing is left.');
    // How much fits into a second and a half is the machine's affair; that it is told right is not.
    const polls = text.match(/ poll\b/g)?.length ?? 0;
    const reports = text.match(/ report of \d/g)?.length ?? 0;
    const values = [...text.matchAll(/ got (\d+) values/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(Math.min(polls, reports, values)).toBeGreaterThan(0);
    expect(lines.at(-2)).toBe(
      `${polls} polls, 1 events opted in, ${reports} reports sent, ${values} values accepted by the VTN`,
    );
  });

  it('cancels the registration at Ctrl-C, and ends with exit code 0', async () => {
    const child = start(OPENADR);
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
    const child = start(OPENADR, '--spede', '3');
    const lines: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(lines.join('\n')).toMatch(/^Unknown option '--spede'[^]*npm start -- \[options\]/);
  });
});
