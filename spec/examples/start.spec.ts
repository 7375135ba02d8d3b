import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** `npm start` without npm, as a process of its own. */
function start(): ChildProcess {
  const root = join(__dirname, '../..');
  return spawn(process.execPath, ['--import', 'tsx', 'examples/start.ts'], { cwd: root, stdio: 'pipe' });
}

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s, with exit code 0', async (signal) => {
    const child = start();
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
