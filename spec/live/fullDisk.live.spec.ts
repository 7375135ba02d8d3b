import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { Subject } from 'rxjs';

/** It gives a process more room again; without it nothing can be full here. */
const canLimit = spawnSync('prlimit', ['--version']).status === 0;
const title = 'A store whose disk is full';

(canLimit ? describe : describe.skip)(canLimit ? title : `${title} (no prlimit on this machine)`, () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told of by its reason; agents without durable parts go on, durable ones take no more, and all go on when there is room', async () => {
    const script = join(__dirname, 'support', 'fullDisk.ts');
    const node = `ulimit -S -f 400; exec "$0" --import tsx "${script}" "${join(folder, 'data')}"`;
    child = spawn('bash', ['-c', node, process.execPath], { stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (!printed.includes('\nfull\n') && (printed + text).includes('\nfull\n'))
        execFileSync('prlimit', ['--pid', String(child?.pid), '--fsize=unlimited']);
      printed += text;
    });
    await once(child, 'exit');
    const lines = printed.trim().split('\n');
    const told = lines.filter((line) => line.startsWith('error store-failed'));
    expect(told).toEqual([
      expect.stringMatching(/The store of host does not keep what it is given: .*too large/i),
    ]);
    expect(lines.filter((line) => !line.startsWith('error'))).toEqual([
      'ready',
      'rejected store-failed',
      // What waits is not kept in time, a plain agent goes on, no job has begun, and all that had no room are told of.
      'waits store-failed true 0 500',
      'full',
      // Left out is left out: the handler's health says so until a run of it succeeds.
      'again true bad',
      'end',
    ]);
  }, 120_000);
});

it('A store in a folder that cannot be made refuses durable agents by name, and no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));
  writeFileSync(join(folder, 'file'), '');
  const host = createHost({ store: lmdbStore(join(folder, 'file', 'data')), log: silentLog });
  const durable = defineAgent({
    name: 'durable',
    streams: ({ handle }) => ({
      x$: new Subject<number>().pipe(handle.concat(async () => 1, { durable: 'x' })),
    }),
  });
  await host.start(defineAgent({ name: 'plain', streams: () => ({}) }));
  await expect(host.start(durable)).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/^The store of host cannot be opened: .*ENOTDIR/),
  });
  expect(host.agents.get('plain')?.state).toBe('ready');
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});
