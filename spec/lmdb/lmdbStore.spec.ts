import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, defineAgent, liveClock, Scheduler, silentLog } from 'rx-agent-kit';
import { lmdbStore } from 'rx-agent-kit/lmdb';
import { Subject } from 'rxjs';
import { storeContract } from '../store/support/storeContract';

const newFolder = () => mkdtempSync(join(tmpdir(), 'rx-agent-kit-'));

storeContract('lmdbStore', () => {
  const folder = newFolder();
  return {
    store: lmdbStore(folder),
    again: () => lmdbStore(folder),
    clear: () => rmSync(folder, { recursive: true }),
  };
});

describe('lmdbStore', () => {
  const context = { scheduler: new Scheduler(liveClock()) };
  let folder: string;

  beforeEach(() => {
    folder = newFolder();
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes its folder', async () => {
    const store = lmdbStore(join(folder, 'a', 'b'));
    const open = await store.open('host', context);
    await open.commit([['x', 1]]);
    await open.close();
    expect(await store.hosts()).toEqual(['host']);
  });

  it('can be looked at while it is in use', async () => {
    const store = lmdbStore(folder);
    const open = await store.open('a/b', context);
    await open.commit([['x', { n: 1 }]]);
    const other = await store.open('c', context);
    await other.commit([['y', 2]]);
    expect(await lmdbStore(folder).hosts()).toEqual(['a/b', 'c']);
    expect(await lmdbStore(folder).entries('a/b')).toEqual(new Map([['x', { n: 1 }]]));
    await open.close();
    await other.close();
  });

  it('keeps out whoever comes while another process that is alive has it, and says who has it', async () => {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    writeFileSync(join(folder, 'process.lock'), JSON.stringify({ pid: process.ppid, began }));
    await expect(lmdbStore(folder).open('host', context)).rejects.toMatchObject({
      code: 'store-locked',
      message: expect.stringContaining(`process ${process.ppid}`),
    });
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, began: '1' })],
    ['of a process whose number is used again', JSON.stringify({ pid: process.ppid, began: '1' })],
    ['that was not written to its end', '{"pi'],
  ])('takes over a lock %s', async (_what, text) => {
    writeFileSync(join(folder, 'process.lock'), text);
    const open = await lmdbStore(folder).open('host', context);
    await open.commit([['x', 1]]);
    await open.close();
  });

  it('refuses the start of a durable agent when the folder cannot be made, by name, and lets the others run', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const host = createHost({ store: lmdbStore(join(file, 'data')), log: silentLog });
    const triggers$ = new Subject<number>();
    const durable = defineAgent({
      name: 'durable',
      streams: ({ handle }) => ({ x$: triggers$.pipe(handle.concat(async () => 1, { durable: 'x' })) }),
    });
    await expect(host.start(durable)).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(/store of host cannot be opened.*ENOTDIR/),
    });
    const plain = await host.start(defineAgent({ name: 'plain', streams: () => ({}) }));
    expect(plain.state).toBe('ready');
    await host.stop();
  });

  it('refuses what is no folder', () => {
    expect(() => lmdbStore('')).toThrow(/the folder/);
    expect(() => lmdbStore(undefined as never)).toThrow(/the folder/);
  });
});
