import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { createHost, defineAgent, type Host, type Output, silentLog } from 'rx-agent-kit';
import { fileConfig } from 'rx-agent-kit/node';
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

  it('takes variables from the environment that it is given', async () => {
    writeFileSync(path, 'a: { key: "${KEY}" }');
    const store = await fileConfig(path, { env: { KEY: 'hunter22' } });
    expect(store.read('a')).toEqual({ key: 'hunter22' });
    expect(store.hide?.('hunter22')).toBe('${KEY}');
    await expect(fileConfig(path, { env: {} })).rejects.toThrow('needs the environment variable KEY');
  });
});
