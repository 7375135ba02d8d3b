import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Command, messages, useFolder } from './support/Command';
import { TICKER } from './support/modules';

// All that the command writes to fails for real here, and all that its stop waits for hangs.

const folder = useFolder();
const files: number[] = [];
afterEach(() => files.splice(0).forEach((file) => closeSync(file)));
const opened = (path: string): number => {
  files.push(openSync(path, 'w'));
  return files.at(-1)!;
};
/** A device whose disk is always full. */
const FULL = '/dev/full';
const onLinux = existsSync(FULL) ? describe : describe.skip;
const ticker = (): string => folder.write('ticker.ts', TICKER);
const told = ({ lines, errors }: Command, text: string): string[] =>
  [...lines, ...errors].filter((line) => line.includes(text));

onLinux('rx-agent-kit run, whose trace cannot be written any more,', () => {
  it('says so once, goes on, and ends at SIGTERM', async () => {
    const command = new Command(['run', ticker(), '--trace', FULL]);
    await command.line('cannot be written any more');
    await command.line('tick');
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(told(command, 'cannot be written any more')).toEqual([
      expect.stringContaining('The trace /dev/full cannot be written any more: ENOSPC'),
    ]);
    expect(command.errors).toEqual([]);
    expect(messages(command.lines).at(-1)).toBe('stopped');
  });

  it('does so, too, when the disk is full in the midst of it: what was written can be read', async () => {
    const trace = join(folder.path, 'day.ndjson');
    const command = new Command(['run', ticker(), '--trace', trace], {
      before: "trap '' XFSZ; ulimit -f 8",
      env: { TSX_DISABLE_CACHE: '1' },
    });
    await command.line('cannot be written any more');
    await command.line('tick');
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(told(command, 'cannot be written any more')).toHaveLength(1);
    expect(readFileSync(trace, 'utf8')).toMatch(/^\{"type":"trace"/);
  });

  it('ends at SIGTERM, too, when who reads the trace does not read on', async () => {
    const fifo = join(folder.path, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const unread = new Command(['run', ticker(), '--trace', fifo]);
    expect(await unread.end()).toBe(2);
    expect(unread.errors).toEqual([
      `rx-agent-kit: The trace ${fifo} cannot be written: it is a pipe that nobody reads [bad-trace-file]`,
    ]);
    files.push(openSync(fifo, 'r+'));
    const noisy = TICKER.replace('return count;', "return 'x'.repeat(1000);").replace('50ms', '2ms');
    const command = new Command(['run', folder.write('noisy.ts', noisy), '--trace', fifo]);
    await command.line('tick 150');
    command.kill('SIGTERM');
    await command.line('cannot be written any more: its last lines have not been taken');
    expect(await command.end()).toBe(0);
  });
});

describe('rx-agent-kit run, whose log cannot be written any more,', () => {
  const TOLD = 'The agents go on; Ctrl-C or SIGTERM stops them.';

  it('goes on behind a closed pipe until a signal comes', async () => {
    const trace = join(folder.path, 'day.ndjson');
    const command = new Command(['run', ticker(), '--trace', trace]);
    await command.line('started ticker');
    command.closePipe();
    expect(await command.line('The log')).toBe(
      `rx-agent-kit: The log cannot be written: who has read it is gone. ${TOLD}`,
    );
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(command.errors).toHaveLength(1);
    expect(readFileSync(trace, 'utf8').trimEnd().split('\n').at(-1)).toMatch(/^\{"type":"end"/);
  });

  it('goes on, and ends, behind two closed pipes: nobody is left to tell', async () => {
    const trace = join(folder.path, 'day.ndjson');
    const command = new Command(['run', ticker(), '--trace', trace], { before: 'exec 2>&1' });
    await command.line('started ticker');
    command.closePipe();
    const ticks = () => readFileSync(trace, 'utf8').split('run-settled').length;
    const before = ticks();
    while (ticks() < before + 3) await new Promise((resolve) => setTimeout(resolve, 20));
    command.kill('SIGINT');
    expect(await command.end()).toBe(0);
  });

  it('takes up the log again when a reader that was too slow reads on, and says what was lost', async () => {
    const noisy = TICKER.replace("' ' + count", "' ' + count + 'x'.repeat(300_000)").replace('50ms', '2ms');
    const command = new Command(['run', folder.write('noisy.ts', noisy)], { isUnread: true });
    expect(await command.line('The log')).toBe(
      `rx-agent-kit: The log cannot be written: who reads it is too slow. ${TOLD}`,
    );
    command.read();
    expect(await command.line('could not be written')).toMatch(
      /"msg":"(a line|\d+ lines) of this log could not be written"/,
    );
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
  });

  (existsSync(FULL) ? it : it.skip)('goes on on a full disk until a signal comes', async () => {
    const command = new Command(['run', ticker()], { out: opened(FULL) });
    expect(await command.line('The log')).toMatch(
      /^rx-agent-kit: The log cannot be written: ENOSPC.* The agents go on/,
    );
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(command.errors).toHaveLength(1);
  });
});

describe('rx-agent-kit list and trace show', () => {
  it('end without a word when nobody reads on', async () => {
    const command = new Command(['list', ticker()]);
    command.closePipe();
    expect(await command.end()).toBe(0);
    expect(command.errors).toEqual([]);
  });

  (existsSync(FULL) ? it : it.skip)('say that what they print cannot be written', async () => {
    const command = new Command(['list', ticker()], { out: opened(FULL) });
    expect(await command.end()).toBe(1);
    expect(command.errors).toEqual([
      expect.stringMatching(/^rx-agent-kit: What is printed cannot be written: ENOSPC/),
    ]);
  });
});

describe('rx-agent-kit run, at a signal,', () => {
  it('ends though a function that was given the host does not', async () => {
    const endless = `${TICKER}
      export default async (host) => { await host.start(ticker); await new Promise(() => {}); };`;
    const command = new Command(['run', folder.write('endless.mts', endless)]);
    await command.line('tick 1');
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(messages(command.lines).at(-1)).toBe('stopped');
  });

  it('ends though such a function waits, when an agent that it has started fails for good', async () => {
    const failing = `
      import { defineAgent } from 'rx-agent-kit';
      import { map } from 'rxjs';
      const bad = defineAgent({ name: 'bad', streams: ({ lifecycle, time }) => ({
        bad$: lifecycle.start$.pipe(time.after('20ms'), map(() => { throw new Error('the spring broke'); })),
      }) });
      export default async (host) => { await host.start(bad); await new Promise(() => {}); };`;
    const command = new Command(['run', folder.write('failing.mts', failing)]);
    expect(await command.end()).toBe(1);
    expect(messages(command.lines).at(-1)).toMatch(/^bad has failed for good: .*the spring broke/);
  });
});

describe('rx-agent-kit run, whose config comes from a pipe,', () => {
  it('reads it once, and keeps it', async () => {
    const fifo = join(folder.path, 'config');
    execFileSync('mkfifo', [fifo]);
    const command = new Command(['run', ticker(), '--config', fifo]);
    void writeFile(fifo, 'ticker: { word: piped }');
    await command.line('piped 12');
    command.kill('SIGTERM');
    expect(await command.end()).toBe(0);
    expect(command.text).not.toContain('tick 1');
    expect(command.text).not.toContain('error');
  });
});
