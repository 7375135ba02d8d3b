import { Subject, tap } from 'rxjs';
import {
  type ConfigStore,
  type ConfigWatcher,
  createHost,
  defineAgent,
  type Host,
  memoryBus,
  silentLog,
  topic,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';
import { agentOf, armedIn, hostOn } from './support';

const fail = (): never => {
  throw new Error('foreign');
};

describe('A second host on a bus', () => {
  it(
    'that has been refused neither gets onto it nor closes it',
    marbleTest(async ({ clock }) => {
      const bus = memoryBus();
      const [first, second] = [hostOn(clock, { bus }), hostOn(clock, { bus })];
      const seen: string[] = [];
      const agent = agentOf('a', ({ bus: own }) => ({ status$: own.status$.pipe(tap((s) => seen.push(s))) }));
      await first.start(agent);
      await expect(second.start(agentOf('b'))).rejects.toMatchObject({ code: 'bus-failed' });
      bus.drop();
      bus.restore();
      await expect(second.start(agentOf('b'))).rejects.toMatchObject({ code: 'bus-failed' });
      await second.stop();
      expect(seen.slice(-3)).toEqual(['connected', 'disconnected', 'connected']);
      await first.stop();
      expect(seen.at(-1)).toBe('connected');
    }),
  );
});

describe('Retained messages', () => {
  it(
    'come in the order of their last publishing under a wildcard',
    marbleTest(async ({ host, clock }) => {
      const unit = topic('units/:unit', z.number(), { retain: 'last' });
      const late: string[] = [];
      await host.start(
        agentOf('publisher', ({ lifecycle, bus }) => ({
          p$: lifecycle.start$.pipe(
            tap(() => {
              for (const [name, n] of [
                ['a', 1],
                ['b', 2],
                ['a', 3],
              ] as const)
                bus.publish(unit.at({ unit: name }), n);
            }),
          ),
        })),
      );
      await clock.sleep(1);
      await host.start(
        agentOf('late', ({ bus }) => ({
          m$: bus.messages(unit).pipe(tap(({ params, payload }) => late.push(`${params.unit}${payload}`))),
        })),
      );
      await clock.sleep(1);
      expect(late).toEqual(['b2', 'a3']);
    }),
  );
});

describe('The name of an agent', () => {
  it.each(['stopped', 'failed'])('is free when its state says %s', (last) =>
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      const fail$ = new Subject<never>();
      const agent = agentOf('a', () => ({ fail$ }));
      const handle = await host.start(agent);
      const again: Promise<unknown>[] = [];
      handle.state$.subscribe((state) => {
        if (state === last) again.push(host.start(agentOf('a')));
      });
      if (last === 'failed') fail$.error(new Error('down'));
      else void handle.stop();
      await clock.sleep(1);
      expect(handle.state).toBe(last);
      expect(await Promise.all(again)).toMatchObject([{ state: 'ready' }]);
      await host.stop();
    })(),
  );

  it.each<[string, (host: Host) => object, string]>([
    ['a bad option', () => ({ stopTimeout: 'soon' }), 'bad-duration'],
    ['a bad restart', () => ({ restart: { max: -1 } }), 'bad-option'],
    ['no streams', () => ({ streams: 7 }), 'bad-definition'],
  ])('is not kept by a copy of a definition with %s', (_what, change, code) =>
    marbleTest(async ({ host }) => {
      const agent = agentOf('a');
      const changed = { ...agent, ...change(host) } as typeof agent;
      await expect(host.start(changed)).rejects.toMatchObject({ code });
      await expect(host.startAll([changed])).rejects.toMatchObject({ code });
      await expect(host.start(agent)).resolves.toMatchObject({ state: 'ready' });
    })(),
  );

  it(
    'and all else of a definition is read once',
    marbleTest(async ({ host }) => {
      const agent = agentOf('a');
      let reads = 0;
      const changing = { ...agent };
      Object.defineProperty(changing, 'name', { get: () => `a${++reads}` });
      expect((await host.start(changing)).name).toBe('a1');
      expect([...host.agents.keys()]).toEqual(['a1']);
      const [second] = await host.startAll([changing]);
      expect(second.name).toBe('a2');
      let streamReads = 0;
      const streams = {};
      Object.defineProperty(streams, 's$', { enumerable: true, get: () => (streamReads++, new Subject()) });
      await host.start(agentOf('b', () => streams));
      expect(streamReads).toBe(1);
    }),
  );
});

describe('A host that has stopped', () => {
  it(
    'sets no agent up, also if it was stopped while the config was read',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      let setUps = 0;
      const agent = defineAgent({
        name: 'a',
        config: z.object({}).transform((config) => {
          void host.stop();
          return config;
        }),
        streams: () => {
          setUps++;
          return {};
        },
      });
      await expect(host.start(agent, {})).rejects.toMatchObject({ code: 'host-stopped' });
      await host.stop();
      expect([setUps, host.agents.size]).toEqual([0, 0]);
    }),
  );

  it(
    'while an agent is set up has it stopped, too',
    marbleTest(async ({ clock }) => {
      const host = hostOn(clock);
      let stopped: Promise<unknown> | undefined;
      const agent = agentOf('a', () => {
        stopped = host.stop();
        return {};
      });
      await expect(host.start(agent)).rejects.toMatchObject({ code: 'agent-stopped' });
      expect(await stopped).toMatchObject({ agents: [{ agent: 'a' }] });
      expect([host.agents.size, armedIn(host)]).toEqual([0, 0]);
    }),
  );
});

describe('config in the context', () => {
  class Level {
    #value: number;
    constructor(value: number) {
      this.#value = value;
    }
    get value() {
      return this.#value;
    }
    twice() {
      return this.#value * 2;
    }
  }
  const shapes: [string, z.ZodType<object>, object, object, (config: never) => unknown][] = [
    [
      'an array',
      z.array(z.number()),
      [1, 2],
      [3],
      (config: number[]) => [Array.isArray(config), config.length, ...config, JSON.stringify(config)],
    ],
    [
      'a Map',
      z.map(z.string(), z.number()),
      new Map([['a', 1]]),
      new Map([['b', 2]]),
      (config: Map<string, number>) => [config instanceof Map, config.size, ...config],
    ],
    [
      'an instance of a class',
      z.instanceof(Level),
      new Level(1),
      new Level(2),
      (config: Level) => [config instanceof Level, config.value, config.twice()],
    ],
    [
      'a record',
      z.record(z.string(), z.number()),
      { constructor: 1, b: 2 },
      { b: 3 },
      (config: Record<string, number>) => [
        Object.entries(config),
        Object.hasOwn(config, 'constructor'),
        'b' in config,
      ],
    ],
    [
      'a record with __proto__',
      z.any(),
      JSON.parse('{"__proto__": 1, "b": 2}') as object,
      { c: 3 },
      (config: object) => [Object.entries(config), Object.getPrototypeOf(config) === Object.prototype],
    ],
    [
      'an object',
      z.looseObject({}),
      { constructor: 1, b: 2 },
      { b: 3 },
      (config: object) => [Object.entries(config), Object.hasOwn(config, 'constructor')],
    ],
    [
      'a frozen object',
      z.object({ a: z.number() }).readonly(),
      { a: 1 },
      { a: 2 },
      (config: object) => [Object.entries(config)],
    ],
  ] as never;

  it.each(shapes)(
    'shows %s as config$ does, also when it has changed',
    (_what, config, first, second, look) =>
      marbleTest(async ({ host, clock }) => {
        const seen: unknown[] = [];
        const definition = defineAgent({
          name: 'a',
          config,
          streams: (context) => ({
            c$: context.config$.pipe(
              tap((given) => seen.push([look(context.config as never), look(given as never)])),
            ),
          }),
        });
        const agent = await host.start(definition, first);
        agent.configure(second);
        await clock.sleep(1);
        expect(seen).toHaveLength(2);
        for (const [shown, given] of seen as [unknown, unknown][]) expect(shown).toEqual(given);
      })(),
  );
});

describe('A store of configs', () => {
  const storeThat = (changes: Partial<ConfigStore>): ConfigStore => ({
    origin: 'farm.yaml',
    sections: () => ['a'],
    read: () => undefined,
    watch: () => () => undefined,
    ...changes,
  });

  it(
    'whose read throws rejects the start, and a change is told of by the agent’s name',
    marbleTest(async ({ clock }) => {
      let watcher: ConfigWatcher | undefined;
      let throws = true;
      const configs = storeThat({
        read: () => (throws ? fail() : {}),
        watch: (given) => {
          watcher = given;
          return () => undefined;
        },
      });
      const host = hostOn(clock, { configs });
      const told: string[] = [];
      host.errors$.subscribe(({ code, agent, message }) =>
        told.push(`${agent ?? 'host'} ${code} ${message}`),
      );
      const agent = defineAgent({ name: 'a', config: z.object({}), streams: () => ({}) });
      await expect(host.start(agent)).rejects.toMatchObject({
        code: 'bad-config',
        agent: 'a',
        message: 'The config of a cannot be read from farm.yaml: foreign',
      });
      throws = false;
      await host.start(agent);
      throws = true;
      watcher?.changed(['stranger', 'a']);
      expect(told).toEqual([
        'host observer-failed The store of configs threw: foreign',
        'a bad-config The config of a cannot be read from farm.yaml: foreign',
      ]);
      await host.stop();
    }),
  );

  it(
    'brings its changes to all, also where the log throws in between',
    marbleTest(async ({ clock }) => {
      let watcher: ConfigWatcher | undefined;
      const configs = storeThat({
        read: () => ({}),
        watch: (given) => {
          watcher = given;
          return () => undefined;
        },
      });
      const host = hostOn(clock, { configs, log: { ...silentLog, warn: fail } });
      const codes: string[] = [];
      host.errors$.subscribe(({ message }) => codes.push(message));
      let changes = 0;
      await host.start(
        defineAgent({
          name: 'a',
          config: z.object({}),
          streams: ({ config$ }) => ({ c$: config$.pipe(tap(() => changes++)) }),
        }),
      );
      expect(() => watcher?.changed(['stranger', 'a'])).not.toThrow();
      await clock.sleep(1);
      expect([changes, codes]).toEqual([2, ['The log threw: foreign']]);
      await host.stop();
    }),
  );

  it.each<[string, Partial<ConfigStore>, object]>([
    ['the name is none of a topic', {}, { name: 'no/name', heartbeat: '1s' }],
    ['the heartbeat is none', {}, { heartbeat: 'soon' }],
    ['the store cannot be watched', { watch: fail }, { heartbeat: '1s' }],
  ])('is watched by no host that could not be created, since %s', (_why, changes, options) => {
    let watching = 0;
    const configs = storeThat({
      watch: () => {
        watching++;
        return () => watching--;
      },
      ...changes,
    });
    const woken: unknown[] = [];
    const clock = {
      now: () => 0,
      wallNow: () => 0,
      wakeAt: (at: number) => woken.push(at),
      cancel: () => woken.pop(),
    };
    expect(() => createHost({ configs, clock, ...options })).toThrow();
    expect([watching, woken]).toEqual([0, []]);
  });
});
