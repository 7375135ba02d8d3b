import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { readTrace, traceToFile } from 'rx-agent-kit/node';

describe('traceToFile', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trace-'));
    path = join(folder, 'trace.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = async () => {
    const lines = [];
    for await (const line of readTrace(path)) lines.push(line);
    return lines;
  };

  it('writes what happens, from its call to the end of the host, so that it can be read again', async () => {
    const host = createHost({ name: 'farm', log: silentLog });
    const trace = await traceToFile(host, path);
    const seen: unknown[] = [];
    host.trace$.subscribe((event) => seen.push(event.type));
    await host.start(
      defineAgent({
        name: 'odd',
        streams: ({ lifecycle, handle }) => ({
          odd$: lifecycle.start$.pipe(handle.switch(async () => ({ big: 2n ** 70n, none: undefined }))),
        }),
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await host.stop();
    const report = await trace.closed;
    const lines = await read();
    expect(lines[0]).toEqual({ type: 'trace', version: 1, host: 'farm' });
    expect(lines.slice(1, -1).map(({ type }) => type)).toEqual(seen);
    expect(lines.at(-1)).toEqual({ type: 'end', events: seen.length, dropped: 0 });
    expect(report).toEqual({ events: seen.length, dropped: 0 });
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'value',
        stream: 'odd$',
        value: { big: { $bigint: String(2n ** 70n) } },
      }),
    );
  });

  it('is closed before the end of the host, too, and then costs nothing', async () => {
    const host = createHost({ log: silentLog });
    const trace = await traceToFile(host, path);
    expect(await trace.close()).toEqual({ events: 0, dropped: 0 });
    expect(await trace.close()).toEqual({ events: 0, dropped: 0 });
    await host.start(defineAgent({ name: 'late', streams: () => ({}) }));
    await host.stop();
    expect(await read()).toHaveLength(2);
  });

  it('says what is wrong with a file', async () => {
    const host = createHost({ log: silentLog });
    await expect(traceToFile(host, join(folder, 'no/such/folder'))).rejects.toMatchObject({
      code: 'bad-trace-file',
    });
    await expect(read()).rejects.toThrow(`The trace ${path} cannot be read: there is no such file`);
    writeFileSync(path, '');
    await expect(read()).rejects.toThrow(`${path} is no trace. Record one:`);
    writeFileSync(path, '{"type":"trace","version":2,"host":"x"}\n');
    await expect(read()).rejects.toThrow('is a trace of version 2; this one of rx-agent-kit reads 1.');
    writeFileSync(path, '{"type":"trace","version":1,"host":"x"}\nnonsense\n{"type":"end"}\n');
    await expect(read()).rejects.toThrow(`${path}:2 is no line of a trace.`);
  });

  it('reads a trace whose last line was cut off', async () => {
    writeFileSync(path, '{"type":"trace","version":1,"host":"x"}\n');
    appendFileSync(path, '{"type":"val');
    expect(await read()).toHaveLength(1);
  });

  const onLinux = existsSync('/dev/full') ? it : it.skip;
  const open = (file: string): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === file;
      } catch {
        return false;
      }
    }).length;

  onLinux('ends when the disk is full: told once, the file closed, the host none the worse', async () => {
    const host = createHost({ log: silentLog });
    const errors: unknown[] = [];
    host.errors$.subscribe((error) => errors.push(error));
    const before = open('/dev/full');
    const trace = await traceToFile(host, '/dev/full');
    await host.start(defineAgent({ name: 'one', streams: () => ({}) }));
    const { error, ...report } = await trace.closed;
    expect(report).toEqual({ events: 0, dropped: expect.any(Number) });
    expect(report.dropped).toBeGreaterThan(0);
    expect(errors).toEqual([error]);
    expect([error?.code, error?.message, (error?.cause as NodeJS.ErrnoException).code]).toEqual([
      'bad-trace-file',
      // Under Jest an error of Node's is of another realm.
      expect.stringMatching(/^The trace \/dev\/full cannot be written any more: (Error: )?ENOSPC: no space/),
      'ENOSPC',
    ]);
    expect(await trace.close()).toEqual({ ...report, error });
    await host.start(defineAgent({ name: 'two', streams: () => ({}) }));
    await host.stop();
    expect(errors).toHaveLength(1);
    expect(host.health.status).toBe('stopped');
    while (open('/dev/full') > before) await new Promise((resolve) => setImmediate(resolve));
  });

  onLinux('tells of a disk that is full only at the end, when the host has stopped already', async () => {
    const host = createHost({ log: silentLog });
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
    const trace = await traceToFile(host, '/dev/full');
    const closed = trace.closed;
    void host.stop();
    expect((await closed).error?.code).toBe('bad-trace-file');
    expect(warned.mock.calls.length).toBeLessThanOrEqual(1);
    warned.mockRestore();
  });

  it('goes on in a folder that is removed, and is lost with it', async () => {
    const host = createHost({ log: silentLog });
    const trace = await traceToFile(host, path);
    rmSync(folder, { recursive: true });
    await host.stop();
    expect(await trace.closed).toEqual({ events: 0, dropped: 0 });
  });

  onLinux('is read without its file staying open, however much of it is read', async () => {
    writeFileSync(path, '{"type":"trace","version":1,"host":"x"}\n'.repeat(10_000));
    for await (const line of readTrace(path)) {
      expect(line.type).toBe('trace');
      break;
    }
    while (open(path) > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
