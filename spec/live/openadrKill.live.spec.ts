import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { bundled } from '../support/bundled';

const START = bundled('examples/openadr/start.ts');

describe('npm start -- --store', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts it, and kills it when it has printed something; gives what it had printed by then. */
  async function killAt(what: RegExp): Promise<string> {
    const args = [START, '--store', folder, '--speed', '80'];
    const started = (child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
    const exit = once(started, 'exit');
    let printed = '';
    for await (const text of started.stdout.setEncoding('utf8')) {
      printed += String(text);
      if (what.test(printed)) break;
    }
    started.kill('SIGKILL');
    await exit;
    return printed;
  }

  /** The registration that is kept. */
  async function venId(): Promise<unknown> {
    const entries = await lmdbStore(folder).entries('site');
    const [, notes] = [...entries].find(([key]) => key.startsWith('ven/state/')) ?? [];
    const [, [state]] = notes as unknown as [number, [{ session?: { venId: string } }]];
    return state.session?.venId;
  }

  it('follows the event that it was killed in, under the same VEN id, and reports what it has measured', async () => {
    expect(await killAt(/SIMPLE 1, active/)).toMatch(/registered/);
    const before = await venId();
    expect(before).toMatch(/^ven-/);

    const second = await killAt(/SIMPLE [123], active[^]*got \d+ values/);
    expect(second).toMatch(/registered[^]*peak active/);
    expect(second).not.toMatch(/registering/);
    expect(await venId()).toBe(before);
  }, 120_000);
});
