import {
  AgentError,
  type ConfigStore,
  type ConfigWatcher,
  createHost,
  defineAgent,
  type Log,
  type TraceEvent,
} from 'rx-agent-kit';
import { z } from 'zod';
import { silentLog } from '../../lib/trace/Log';

class MemoryStore implements ConfigStore {
  readonly origin = 'memory';
  watcher: ConfigWatcher | undefined;

  constructor(private configs: Record<string, unknown>) {}

  readonly hide = (text: string) => text.replaceAll('hunter2', '***');
  sections = () => Object.keys(this.configs);
  read = (agent: string) => this.configs[agent];
  watch = (watcher: ConfigWatcher) => {
    this.watcher = watcher;
    return () => (this.watcher = undefined);
  };

  set(configs: Record<string, unknown>): void {
    this.configs = { ...this.configs, ...configs };
    this.watcher?.changed(Object.keys(configs));
  }
}

const meter = (name: string) =>
  defineAgent({
    name,
    config: z.object({ rate: z.coerce.number().min(1, 'too slow').default(1), key: z.string().optional() }),
    streams: ({ config$ }) => ({ config$ }),
  });

function recordingLog() {
  const lines: unknown[][] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  return {
    log,
    text: () => JSON.stringify(lines, (_key, value) => (value instanceof Error ? value.stack : value)),
  };
}

async function farm(store: MemoryStore, log: Log = silentLog) {
  const host = createHost({ configs: store, log });
  const seen: string[] = [];
  const errors: AgentError[] = [];
  const trace: TraceEvent[] = [];
  host.trace$.subscribe((event) => trace.push(event));
  host.errors$.subscribe((error) => errors.push(error));
  host.outputs$.subscribe(({ agent, value }) => seen.push(`${agent} ${JSON.stringify(value)}`));
  return { host, seen, errors, trace };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('createHost({ configs })', () => {
  it('gives an agent that is started without a config the one in the store', async () => {
    const { host, seen } = await farm(new MemoryStore({ a: { rate: 3 }, b: { rate: 4 } }));
    await host.start(meter('a'));
    await host.start(meter('b'), { rate: 9 });
    await host.start(meter('c'));
    expect(seen).toEqual(['a {"rate":3}', 'b {"rate":9}', 'c {"rate":1}']);
    await host.stop();
  });

  it('brings a change to just the agents concerned, if they live by the store', async () => {
    const store = new MemoryStore({ a: { rate: 3 }, b: { rate: 4 } });
    const { host, seen, trace } = await farm(store);
    await host.start(meter('a'));
    await host.start(meter('b'), { rate: 9 });
    await host.start(meter('c'));
    seen.length = 0;
    store.set({ a: { rate: '5' }, b: { rate: 6 }, unknown: {} });
    await turn();
    expect(seen).toEqual(['a {"rate":5}']);
    expect(trace.filter(({ type }) => type === 'config-changed')).toMatchObject([{ agent: 'a' }]);
    await host.stop();
    expect(store.watcher).toBeUndefined();
  });

  it('tells of a change that does not fit, with origin and path, and the present config stays', async () => {
    const store = new MemoryStore({ a: { rate: 3 } });
    const { host, seen, errors, trace } = await farm(store);
    const agent = await host.start(meter('a'));
    const own: AgentError[] = [];
    agent.errors$.subscribe((error) => own.push(error));
    store.set({ a: { rate: 0 } });
    await turn();
    expect(seen).toEqual(['a {"rate":3}']);
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'bad-config: The config of a in memory does not fit its schema:\n  rate: too slow',
    ]);
    expect(own).toEqual(errors);
    expect(trace.filter(({ type }) => type === 'config-refused')).toHaveLength(1);
    expect(agent.state).toBe('ready');
    await host.stop();
  });

  it('rejects a start whose section does not fit, or whose agent takes none', async () => {
    const { host } = await farm(new MemoryStore({ a: { rate: 0 }, plain: {} }));
    await expect(host.start(meter('a'))).rejects.toThrow(
      'The config of a in memory does not fit its schema:',
    );
    await expect(host.start(defineAgent({ name: 'plain', streams: () => ({}) }))).rejects.toThrow(
      'plain takes no config, but there is one in memory. Add a config schema to its definition.',
    );
    expect(host.ledger()).toEqual([]);
    await host.stop();
  });

  it('reads a restarted agent its config anew', async () => {
    const store = new MemoryStore({ a: { rate: 3 } });
    const { host, seen } = await farm(store);
    await (await host.start(meter('a'))).stop();
    store.set({ a: { rate: 4 } });
    await host.start(meter('a'));
    expect(seen).toEqual(['a {"rate":3}', 'a {"rate":4}']);
    await host.stop();
  });

  it('reports that the store cannot be read any more', async () => {
    const store = new MemoryStore({ a: {} });
    const { host, errors } = await farm(store);
    const error = new AgentError('bad-config-file', 'gone');
    store.watcher?.failed(error);
    expect(errors).toEqual([error]);
    await host.stop();
  });

  it('shows no secret in errors, in the trace of a refusal, or in the log', async () => {
    const { log, text } = recordingLog();
    const store = new MemoryStore({ a: { key: 'hunter2' } });
    const { host, errors, trace } = await farm(store, log);
    const guarded = defineAgent({
      name: 'a',
      config: z.object({
        key: z
          .string()
          .refine((key) => key === 'hunter2', { error: ({ input }) => `bad key ${String(input)}` }),
      }),
      streams: ({ lifecycle, handle, config, log: own }) => ({
        fails$: lifecycle.start$.pipe(
          handle.switch(async () => {
            own.info(`the key is ${config.key}`, { deep: { keys: [config.key], count: 1 } });
            throw new Error(`not with ${config.key}`);
          }),
        ),
      }),
    });
    await host.start(guarded);
    await turn();
    store.set({ a: { key: 'hunter2-or-so' } });
    await turn();
    const refusal = errors.at(-1)!;
    expect(refusal.message).toBe(
      'The config of a in memory does not fit its schema:\n  key: bad key ***-or-so',
    );
    expect(refusal.cause).toBeUndefined();
    expect(trace).toContainEqual(expect.objectContaining({ type: 'config-refused', error: refusal }));
    expect(text()).toContain('the key is ***');
    expect(text()).toContain('"keys":["***"],"count":1');
    expect(text()).toContain('not with ***');
    expect(text()).not.toContain('hunter2');
    await host.stop();
  });
});

describe('The types', () => {
  it('ask for a config that has no defaults, unless there is a store for it', async () => {
    const strict = defineAgent({
      name: 'strict',
      config: z.object({ rate: z.number() }),
      streams: () => ({}),
    });
    // @ts-expect-error -- rate has no default
    await expect(createHost({ log: silentLog }).start(strict)).rejects.toThrow('rate');
    const stored = createHost({ log: silentLog, configs: new MemoryStore({ strict: { rate: 1 } }) });
    await stored.start(strict);
    // @ts-expect-error -- it is no text
    await expect(stored.start(strict, { rate: 'x' })).rejects.toThrow('strict');
    await stored.stop();
  });
});
