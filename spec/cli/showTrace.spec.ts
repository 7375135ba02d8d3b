import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showTrace } from '../../lib/cli/showTrace';

type Event = Record<string, unknown> & { readonly at: number; readonly type: string };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'show-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function show(
  events: readonly Event[],
  options: Parameters<typeof showTrace>[1] = {},
): Promise<string[]> {
  const path = join(folder, 'trace.ndjson');
  const lines = [
    { type: 'trace', version: 1, host: 'farm' },
    ...events.map((event, seq) => ({ agent: 'a', seq: seq + 1, ...event, at: 1000 + event.at })),
  ];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const printed: string[] = [];
  await showTrace(path, { width: 60, step: '10ms', ...options }, (text) => printed.push(...text.split('\n')));
  return printed;
}

const run = (at: number, type: string, number: number): Event => ({ at, type, stream: 's$', run: number });
const value = (at: number, given: unknown): Event => ({ at, type: 'value', stream: 's$', value: given });

describe('trace show', () => {
  it('draws runs from their start to their end, and letters for values', async () => {
    const lines = await show([
      { at: 0, type: 'phase', phase: 'ready' },
      run(0, 'run-started', 1),
      run(40, 'run-settled', 1),
      value(40, 'x'),
      run(60, 'run-started', 2),
      run(80, 'run-aborted', 2),
      run(80, 'run-started', 3),
      run(101, 'run-failed', 3),
      run(120, 'run-started', 4),
      run(125, 'run-settled', 4),
      value(125, { n: 1 }),
      value(126, 'x'),
    ]);
    expect(lines.slice(2, 6)).toEqual([
      'time       0ms       100ms',
      'a          =============',
      '  s$ runs  s~~~e-s~x~f-o',
      '  s$       ----a-------2',
    ]);
    expect(lines).toContain(`a.s$: a = 'x', b = {"n":1}`);
  });

  it('draws timers from when they are armed to what becomes of them', async () => {
    const timer = (at: number, type: string, due?: number, kind = 'after', stream = 's$'): Event => ({
      at,
      type: `timer-${type}`,
      stream,
      timer: kind,
      ...(due !== undefined && { due: 1000 + due }),
    });
    const lines = await show([
      { at: 0, type: 'phase', phase: 'ready' },
      // Comes, is armed anew, is cancelled.
      timer(0, 'armed', 50),
      timer(50, 'fired'),
      timer(50, 'armed', 150),
      timer(90, 'cancelled'),
      // A new trigger gives it another instant.
      timer(120, 'armed', 150),
      timer(140, 'armed', 170),
      timer(170, 'fired'),
      // Two of a kind, one behind the other.
      timer(20, 'armed', 40, 'at', 't$'),
      timer(30, 'armed', 80, 'at', 't$'),
      timer(40, 'fired', undefined, 'at', 't$'),
      timer(80, 'fired', undefined, 'at', 't$'),
      // The end of its agent is the end of what waits.
      timer(100, 'armed', 900, 'every', 't$'),
      { at: 150, type: 'phase', phase: 'stopped' },
      timer(180, 'armed', 185),
      timer(185, 'fired'),
    ]);
    expect(lines.slice(2, 6)).toEqual([
      'time         0ms       100ms',
      'a            ===============]',
      '  s$ timers  +....t...x--+.+..tt',
      '  t$ timers  --++t...t-+....----',
    ]);
    expect(lines).toContain('waits     of timers: + armed  . waiting  t fired  x cancelled');
  });

  it('cuts out what is picked, and goes on drawing what began before it', async () => {
    const events = [
      { at: 0, type: 'phase', phase: 'ready' },
      run(0, 'run-started', 1),
      value(10, 'early'),
      value(500, 'late'),
      run(520, 'run-settled', 1),
    ];
    const lines = await show(events, { from: '480ms', to: '510ms' });
    expect(lines.slice(2, 5)).toEqual(['time  480ms', 'a     ===', '  s$  --a']);
    expect(lines).toContain("a.s$: a = 'late'");
    await expect(show(events, { from: '1h' })).rejects.toThrow('has no events from 1h on.');
    await expect(show(events, { agent: ['b'] })).rejects.toThrow(
      /^--agent b: there is no such agent in .*, but a\.$/,
    );
  });

  it('breaks an axis that is too long into parts, one under the other', async () => {
    const lines = await show(
      Array.from({ length: 61 }, (_, index) => value(index * 10, 'x')),
      { width: 36 },
    );
    expect(lines.filter((line) => line.startsWith('time'))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('  s$')).map((line) => line.trim().length)).toEqual([
      34, 34, 5,
    ]);
  });

  it('tells what went wrong, each thing once', async () => {
    const error = { $error: { name: 'AgentError', message: 'it broke\nfor good' } };
    const lines = await show([
      { at: 0, type: 'phase', phase: 'ready' },
      { at: 5, type: 'config-refused', error },
      { at: 5, type: 'error', error },
      { at: 9, type: 'restart-planned', restart: 1, due: 1509, because: 'b: it broke' },
      { at: 10, type: 'trigger-dropped', stream: 's$', reason: 'exhaust' },
    ]);
    expect(lines.slice(lines.indexOf('What went wrong:') + 1)).toEqual([
      '  5ms  a: it broke',
      '    for good',
      '  9ms  a: restart 1 in 500ms, because b: it broke',
      '  10ms  a.s$: a trigger was dropped (exhaust)',
    ]);
  });
});
