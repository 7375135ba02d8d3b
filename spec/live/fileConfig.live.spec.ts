import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { createHost, defineAgent, type Host, type Output, silentLog } from 'rx-agent-kit';
import { fileConfig, traceToFile } from 'rx-agent-kit/node';
import { z } from 'zod';

// Real files; what is waited for is an event, and the runner's timeout is the bound.

const meter = (name: string) =>
  defineAgent({
    name,
    config: z.object({ rate: z.number().min(1).default(1) }),
    streams: ({ config$ }) => ({ rate$: config$.pipe(map(({ rate }) => rate)) }),
  });

describe('fileConfig', () => {
  let folder: string;
  let path: string;
  let host: Host | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
    path = join(folder, 'farm.yaml');
  });
  afterEach(async () => {
    await host?.stop();
    rmSync(folder, { recursive: true });
  });

  const start = async (text: string): Promise<Host> => {
    writeFileSync(path, text);
    host = createHost({ log: silentLog, configs: await fileConfig(path) });
    await host.start(meter('a'));
    await host.start(meter('b'));
    return host;
  };
  const next = (outputs$: Observable<Output>): Promise<string> =>
    firstValueFrom(outputs$.pipe(map(({ agent, value }) => `${agent} ${String(value)}`)));

  it('brings an edit to just the agent concerned, also of a file that is replaced by another', async () => {
    const { outputs$, agents } = await start('a: { rate: 1 }\nb: { rate: 2 }');
    const others: Output[] = [];
    outputs$.pipe(filter(({ agent }) => agent === 'b')).subscribe((output) => others.push(output));
    const written = next(outputs$);
    writeFileSync(path, 'a: { rate: 3 }\nb: { rate: 2 }');
    expect(await written).toBe('a 3');
    const replaced = next(outputs$);
    writeFileSync(`${path}.new`, 'a: { rate: 4 }\nb: { rate: 2 }');
    renameSync(`${path}.new`, path);
    expect(await replaced).toBe('a 4');
    expect(others).toEqual([]);
    expect([...agents.values()].map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('reports an edit that is no YAML, or is gone, and follows the file on', async () => {
    const { outputs$, errors$ } = await start('a: { rate: 1 }');
    const broken = firstValueFrom(errors$);
    writeFileSync(path, 'a: { rate: 1 ');
    expect((await broken).message).toMatch(/farm\.yaml:1:\d+ is no YAML: /);
    const gone = firstValueFrom(errors$);
    rmSync(path);
    expect((await gone).message).toMatch(/farm\.yaml is gone\. The configs stay as they are/);
    const mended = next(outputs$);
    writeFileSync(path, 'a: { rate: 2 }');
    expect(await mended).toBe('a 2');
  });

  it('says which file is not there', async () => {
    await expect(fileConfig(path)).rejects.toMatchObject({
      code: 'bad-config-file',
      message: `The config file ${path} cannot be read: there is no such file. Give the path of a YAML or JSON file.`,
    });
  });

  it('shows no secret in log and trace, whatever a schema or an agent makes of it', async () => {
    writeFileSync(
      path,
      'a: { pin: "${PIN}", short: "${SHORT}", url: "mqtt://farm:${KEY}@broker", keys: ["${KEY}"] }',
    );
    const lines: unknown[] = [];
    const line = (...parts: unknown[]) => lines.push(parts);
    const store = await fileConfig(path, { env: { PIN: '4711', SHORT: '7', KEY: 'p@ss w:rd' } });
    const log = { debug: line, info: line, warn: line, error: line };
    const configured = createHost({ log, configs: store });
    host = configured;
    const trace = await traceToFile(host, join(folder, 'trace.ndjson'));
    const { ready$ } = (
      await configured.start(
        defineAgent({
          name: 'a',
          config: z.object({
            pin: z.coerce.number(),
            short: z.coerce.bigint(),
            url: z.url(),
            keys: z.array(z.string()),
          }),
          streams: ({ lifecycle, log, config }) => ({
            ready$: lifecycle.ready$.pipe(
              map(() => {
                const { pin, short, url, keys } = config;
                const Authorization = `Basic ${btoa(`farm:${keys[0]}`)}`;
                const seen = { pin, short, url: new URL(url), deep: [{ [keys[0]!]: { Authorization } }] };
                log.info(`logging in as ${pin} at ${new URL(url).href}`, seen);
                log.error('failed', { error: Object.assign(new Error(`not ${pin}`), { request: seen }) });
                return seen;
              }),
            ),
          }),
        }),
      )
    ).streams;
    ready$.subscribe();
    await host.stop();
    await trace.closed;
    const text = `${inspect(lines, { depth: 20 })}${readFileSync(join(folder, 'trace.ndjson'), 'utf8')}`;
    expect(text).toContain('${PIN}');
    expect(text).toContain('mqtt://farm:${KEY}@broker');
    expect(text).toMatch(/Basic [A-Za-z]+\$\{KEY\}/);
    expect(lines[0]).toEqual([
      'logging in as ${PIN} at mqtt://farm:${KEY}@broker',
      expect.objectContaining({ pin: '${PIN}', short: '${SHORT}', url: 'mqtt://farm:${KEY}@broker' }),
    ]);
    for (const secret of ['4711', 'p@ss', 'p%40ss', btoa('farm:p@ss w:rd').slice(8)])
      expect(text).not.toContain(secret);
  });

  it('warns of a key that the schema does not know, at the start and at each change', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (text: string) => warnings.push(text) };
    writeFileSync(path, 'a: { rate: 1, raet: 2, more: { of: it } }\nb: { rate: 1 }');
    host = createHost({ log, configs: await fileConfig(path) });
    const { outputs$ } = host;
    await host.startAll([meter('a'), meter('b')]);
    expect(warnings).toEqual([
      `${path}: a.raet is not known, and is left out. Did you mean rate?`,
      `${path}: a.more is not known, and is left out.`,
    ]);
    const written = next(outputs$);
    writeFileSync(path, 'a: { rate: 2, rat: 1 }\nb: { rate: 1 }');
    expect(await written).toBe('a 2');
    expect(warnings.slice(2)).toEqual([`${path}: a.rat is not known, and is left out. Did you mean rate?`]);
  });

  it('names what was probably meant when what is needed is missing for it', async () => {
    writeFileSync(path, 'a: { raet: 1 }');
    host = createHost({ log: silentLog, configs: await fileConfig(path) });
    const strict = defineAgent({ name: 'a', config: z.object({ rate: z.number() }), streams: () => ({}) });
    await expect(host.startAll([strict])).rejects.toThrow(
      `The config of a in ${path} does not fit its schema:\n  rate: Invalid input: expected number, received undefined\n  raet is not known, and is left out. Did you mean rate?`,
    );
  });

  it('takes variables from the environment that it is given', async () => {
    writeFileSync(path, 'a: { key: "${KEY}" }');
    const store = await fileConfig(path, { env: { KEY: 'hunter22' } });
    expect(store.read('a')).toEqual({ key: 'hunter22' });
    expect(store.hide?.('hunter22')).toBe('${KEY}');
    await expect(fileConfig(path, { env: {} })).rejects.toThrow('needs the environment variable KEY');
  });
});
