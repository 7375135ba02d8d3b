import { Observable, of, queueScheduler } from 'rxjs';
import {
  type AgentContext,
  after,
  at,
  createHost,
  cron,
  defineAgent,
  every,
  group,
  liveClock,
  memoryBus,
  procedure,
  Scheduler,
  seededRandom,
  silentLog,
  topic,
  withConfig,
} from 'rx-agent-kit';
import { fileConfig, stopOnSignals, traceToFile, watchdog, workerPool } from 'rx-agent-kit/node';
import { marbleTest, runMarbles } from 'rx-agent-kit/testing';
import { z } from 'zod';

type Bad = never;

const handler = async (): Promise<number> => 1;
const idle = { name: 'idle', streams: () => ({}) };
const state = topic('site/state', z.string());
const setpoint = procedure('site/setpoint', { input: z.number(), output: z.number() });

/** What is refused with each of these is told from what is refused without. */
const inAgent = (write: (context: AgentContext<object>) => unknown) => () =>
  marbleTest(({ start }) => {
    start(
      defineAgent({
        name: 'agent',
        streams: (context) => {
          write(context);
          return {};
        },
      }),
    );
  })();

describe('An option that does not exist', () => {
  it.each<[string, () => unknown, string]>([
    [
      'cron',
      () => cron('0 0 * * *', { timezone: 'UTC' } as Bad),
      'cron has no option "timezone": did you mean "zone"?',
    ],
    ['cron, tz', () => cron('0 0 * * *', { tz: 'UTC' } as Bad), 'did you mean "zone"?'],
    [
      'every',
      () => every('1s', { mised: 'skip' } as Bad),
      'every has no option "mised": did you mean "missed"?',
    ],
    [
      'liveClock',
      () => liveClock({ sped: 2 } as Bad),
      'liveClock has no option "sped": did you mean "speed"?',
    ],
    [
      'memoryBus',
      () => memoryBus({ retain: true } as Bad),
      'memoryBus has no option "retain". There are: maxDeliver, redelivery.',
    ],
    [
      'Scheduler',
      () => new Scheduler(liveClock(), { onerror: () => undefined } as Bad),
      'new Scheduler has no option "onerror": did you mean "onError"?',
    ],
    [
      'createHost',
      () => createHost({ clok: liveClock() } as Bad),
      'createHost has no option "clok": did you mean "clock"?',
    ],
    ['createHost, logger', () => createHost({ logger: silentLog } as Bad), 'did you mean "log"?'],
    [
      'restart',
      () => createHost({ restart: { most: 3 } as Bad }),
      'createHost: restart has no option "most": did you mean "max"?',
    ],
    [
      'restart.backoff',
      () => createHost({ restart: { backoff: { form: '1s' } as Bad } }),
      'createHost: restart.backoff has no option "form": did you mean "from"?',
    ],
    [
      'defineAgent',
      () => defineAgent({ ...idle, need: ['meter'] } as Bad),
      'defineAgent of idle has no option "need": did you mean "needs"?',
    ],
    [
      'defineAgent, restart',
      () => defineAgent({ ...idle, restart: { witin: '1m' } as Bad }),
      'defineAgent of idle: restart has no option "witin": did you mean "within"?',
    ],
    [
      'group',
      () => group({ name: 'line', agents: [idle], stratgy: 'one-for-all' } as Bad),
      'group line has no option "stratgy": did you mean "strategy"?',
    ],
    [
      'topic',
      () => topic('site/state', z.string(), { retian: 'last' } as Bad),
      'topic site/state has no option "retian": did you mean "retain"?',
    ],
    [
      'procedure',
      () => procedure('site/setpoint', { input: z.void(), output: z.void(), timeout: '1s' } as Bad),
      'procedure site/setpoint has no option "timeout". There are: input, output.',
    ],
    [
      'marbleTest',
      () => marbleTest(() => undefined, { sed: 5 } as Bad),
      'marbleTest has no option "sed": did you mean "seed"?',
    ],
    [
      'workerPool',
      () => workerPool({ thread: 2 } as Bad),
      'workerPool has no option "thread": did you mean "threads"?',
    ],
    [
      'watchdog',
      () => watchdog(createHost(), { aftr: '1s' } as Bad),
      'watchdog has no option "aftr": did you mean "after"?',
    ],
    [
      'stopOnSignals',
      () => stopOnSignals(createHost(), { onsignal: () => undefined } as Bad),
      'stopOnSignals has no option "onsignal": did you mean "onSignal"?',
    ],
  ])('of %s is refused with the nearest that there is', (_what, write, message) => {
    expect(write).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'handle.merge',
      inAgent(({ handle }) => handle.merge(handler, { concurency: 2 } as Bad)),
      'handle.merge has no option "concurency": did you mean "concurrency"?',
    ],
    [
      'handle.switch, which has no queue',
      inAgent(({ handle }) => handle.switch(handler, { buffer: 2 } as Bad)),
      'handle.switch has no option "buffer".',
    ],
    [
      'retry',
      inAgent(({ handle }) => handle.concat(handler, { retry: { count: 1, backof: '1s' } as Bad })),
      'handle.concat: retry has no option "backof": did you mean "backoff"?',
    ],
    [
      'bus.serve',
      inAgent(({ bus }) => bus.serve(setpoint, handler, { overflow: 'fail' } as Bad)),
      'bus.serve of site/setpoint has no option "overflow".',
    ],
    [
      'time.cron',
      inAgent(({ time }) => time.cron('0 0 * * *', { timezone: 'UTC' } as Bad)),
      'cron has no option "timezone"',
    ],
    [
      'bus.messages',
      inAgent(({ bus }) => (bus.messages as (...args: unknown[]) => unknown)(state, { retain: 'last' })),
      'bus.messages has no option "retain". There are: durable.',
    ],
    [
      'bus.publish',
      inAgent(({ bus }) => (bus.publish as (...args: unknown[]) => unknown)(state, 'on', { retain: 'last' })),
      'bus.publish has no option "retain". It has none.',
    ],
    [
      'time.after',
      inAgent(({ time }) => (time.after as (...args: unknown[]) => unknown)('1s', { missed: 'skip' })),
      'after has no option "missed". There are: key.',
    ],
    [
      'runMarbles',
      () => runMarbles(() => undefined, { untl: '1s' } as Bad),
      'runMarbles has no option "untl": did you mean "until"?',
    ],
    [
      'fileConfig',
      () => fileConfig('farm.yaml', { enviroment: {} } as Bad),
      'fileConfig has no option "enviroment"',
    ],
  ])('of %s is refused with the nearest that there is', async (_what, write, message) => {
    await expect(async () => write()).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringContaining(message),
    });
  });

  it('of a call is refused where it is written', async () => {
    const errors: unknown[] = [];
    await runMarbles(
      async ({ start, host, clock }) => {
        host.errors$.subscribe(({ cause }) => errors.push(cause));
        start(
          defineAgent({
            name: 'caller',
            streams: ({ lifecycle, handle }) => ({
              call$: lifecycle.start$.pipe(
                handle.switch((_event, { call }) => call(setpoint, 1, { timout: '1s' } as Bad)),
              ),
            }),
          }),
        );
        await clock.sleep(1);
      },
      { assertsElsewhere: true },
    );
    expect(errors).toMatchObject([
      { code: 'bad-option', message: 'run.call has no option "timout": did you mean "timeout"?' },
    ]);
  });

  it('is none if it is undefined, or inherited', () => {
    class Options {
      get missed() {
        return 'skip' as const;
      }
      helper(): void {
        // It is no option, but of the class's own.
      }
    }
    expect(() => every('1s', new Options())).not.toThrow();
    expect(() => every('1s', { missed: undefined, other: undefined } as Bad)).not.toThrow();
    expect(() => every('1s', Object.assign(Object.create({ other: 1 }), { missed: 'skip' }))).not.toThrow();
    class Wrong {
      readonly missed = 'all';
    }
    expect(() => every('1s', new Wrong() as Bad)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('is not one of those that every object has', () => {
    expect(() => every('1s', { toString: 1 } as Bad)).toThrow('every has no option "toString"');
    expect(() => every('1s', JSON.parse('{"__proto__":1}'))).toThrow('every has no option "__proto__"');
  });
});

describe('A value that an option cannot have', () => {
  it.each<[string, () => unknown, string, string?]>([
    ['a name', () => createHost({ name: 5 } as Bad), 'createHost: name: 5 has to be a text'],
    ['an empty name', () => createHost({ name: '' }), 'createHost: name: "" has to be a text'],
    [
      'a clock',
      () => createHost({ clock: {} } as Bad),
      'createHost: clock: {} has to be a clock, such as liveClock(); it lacks now, wallNow, wakeAt, cancel.',
    ],
    [
      'a clock that was not made',
      () => createHost({ clock: liveClock as Bad }),
      'clock: the function liveClock has to be a clock',
    ],
    [
      'a restart',
      () => createHost({ restart: 5 } as Bad),
      'createHost: restart: 5 has to be an object of options. There are: max, within, backoff.',
    ],
    [
      'a max',
      () => createHost({ restart: { max: NaN } }),
      'createHost: restart.max: NaN has to be a whole number from 0 on',
    ],
    [
      'a factor',
      () => createHost({ restart: { backoff: { factor: '2' as Bad } } }),
      'createHost: restart.backoff.factor: "2" has to be a number',
    ],
    [
      'a bus',
      () => createHost({ bus: {} } as Bad),
      'createHost: bus: {} has to be a bus, such as memoryBus(); it lacks connect',
    ],
    [
      'a bus without a status',
      () =>
        createHost({
          bus: { ...methods('connect', 'close', 'publish', 'subscribe', 'request', 'serve') } as Bad,
        }),
      'has to have its status as an Observable, status$',
    ],
    [
      'a log',
      () => createHost({ log: {} } as Bad),
      'createHost: log: {} has to be a log, such as console or silentLog; it lacks debug, info, warn, error.',
    ],
    ['half a log', () => createHost({ log: methods('info', 'warn', 'error') as Bad }), 'it lacks debug.'],
    [
      'a promise of configs',
      () => createHost({ configs: Promise.resolve({}) as Bad }),
      'createHost: configs: a promise has to be awaited first.',
    ],
    [
      'an offload',
      () => createHost({ offload: handler as Bad }),
      'createHost: offload: the function handler has to be a pool',
    ],
    ['a random', () => createHost({ random: 4 as Bad }), 'createHost: random: 4 has to be a function'],
    [
      'a stopTimeout',
      () => createHost({ stopTimeout: (() => 1) as Bad }),
      'createHost: stopTimeout: the function stopTimeout is no duration',
      'bad-duration',
    ],
    [
      'a heartbeat',
      () => createHost({ heartbeat: 0 }),
      'createHost: heartbeat has to be longer than 0',
      'bad-duration',
    ],
    [
      'options',
      () => createHost('host' as Bad),
      'createHost: its options: "host" has to be an object of options.',
    ],
    ['options', () => every('1s', null as Bad), 'every: its options: null has to be an object of options.'],
    [
      'a scheduler among the options',
      () => every('1s', queueScheduler as Bad),
      'every: its options are no scheduler; that is its last argument.',
    ],
    [
      'a scheduler',
      () => after('1s', undefined, {} as Bad),
      'after: scheduler: {} has to be a scheduler of RxJS; it lacks now, schedule.',
    ],
    ['a scheduler', () => at(0, null as Bad), 'at: scheduler: null has to be a scheduler of RxJS'],
    [
      'an immediate',
      () => every('1s', { immediate: 1 } as Bad),
      'every: immediate: 1 has to be true or false',
    ],
    ['a speed', () => liveClock({ speed: -1 }), 'liveClock: speed: -1 has to be a number above 0'],
    ['a clock of a scheduler', () => new Scheduler({} as Bad), 'new Scheduler: clock: {} has to be a clock'],
    ['a seed', () => seededRandom('x' as Bad), 'seededRandom: seed: "x" has to be a number'],
    [
      'a seed',
      () => marbleTest(() => undefined, { seed: 'x' as Bad }),
      'marbleTest: seed: "x" has to be a number',
    ],
    [
      'a count of instants',
      () => marbleTest(() => undefined, { maxInstants: -5 }),
      'marbleTest: maxInstants: -5 has to be a whole number',
    ],
    [
      'an until',
      () => marbleTest(() => undefined, { until: 'later' }),
      '"later" is no duration',
      'bad-duration',
    ],
    [
      'a startTime',
      () => marbleTest(() => undefined, { startTime: 'noon' }),
      '"noon" is no instant',
      'bad-date',
    ],
    ['a body', () => marbleTest(5 as Bad), 'marbleTest: body: 5 has to be a function'],
    [
      'a config',
      () => defineAgent({ ...idle, config: { rate: z.number() } as Bad }),
      'idle: config has to be a zod schema',
      'bad-definition',
    ],
    [
      'needs',
      () => defineAgent({ ...idle, needs: 'meter' as Bad }),
      'idle: needs has to be a list',
      'bad-definition',
    ],
    [
      'a readyWhen',
      () => defineAgent({ ...idle, readyWhen: of(1) as Bad }),
      'defineAgent of idle: readyWhen: a Observable has to be a function',
    ],
    ['a definition', () => defineAgent(5 as Bad), '5 is no agent', 'bad-definition'],
    ['a group', () => group([idle] as Bad), 'is no group'],
    [
      'a member of a group',
      () => group({ name: 'line', agents: [5 as Bad] }),
      '5 is no agent',
      'bad-definition',
    ],
    [
      'a group in a group',
      () => group({ name: 'line', agents: [group({ name: 'a', agents: [idle] }) as Bad] }),
      'a group has no groups in it',
    ],
    [
      'an agent with a config',
      () => withConfig(undefined as Bad, {}),
      'undefined is no agent',
      'bad-definition',
    ],
    [
      'a retain',
      () => topic('site/state', z.string(), { retain: true as Bad }),
      "topic site/state: retain: true has to be 'last'.",
    ],
    [
      'the schemas of a procedure',
      () => procedure('site/state', undefined as Bad),
      'site/state needs the zod schemas',
      'bad-procedure',
    ],
    [
      'a number of threads',
      () => workerPool({ threads: 0 }),
      'workerPool: threads: 0 has to be a whole number from 1 on',
    ],
    ['a host', () => stopOnSignals({} as Bad), 'stopOnSignals: host: {} has to be a host'],
    ['a date', () => at(null as Bad), 'null is no instant', 'bad-date'],
  ])('is refused: %s', (_what, write, message, code = 'bad-option') => {
    expect(write).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it.each<[string, () => Promise<unknown>, string, string?]>([
    [
      'a count',
      inAgent(({ handle }) => handle.switch(handler, { retry: {} as Bad })),
      'handle.switch: retry.count: undefined has to be a whole number',
    ],
    [
      'a retry',
      inAgent(({ handle }) => handle.switch(handler, { retry: 3 as Bad })),
      'handle.switch: retry: 3 has to be an object of options. There are: count',
    ],
    [
      'a timeout',
      inAgent(({ handle }) => handle.switch(handler, { timeout: 0 })),
      'handle.switch: timeout has to be longer than 0',
      'bad-duration',
    ],
    [
      'a name',
      inAgent(({ handle }) => handle.switch(handler, { name: 5 as Bad })),
      'handle.switch: name: 5 has to be a text',
    ],
    [
      'options',
      inAgent(({ handle }) => handle.switch(handler, 500 as Bad)),
      'handle.switch: its options: 500',
    ],
    [
      'a handler',
      inAgent(({ handle }) => handle.switch(10n as Bad)),
      'handle.switch needs a function (trigger, run) => …, not 10n',
    ],
    [
      'a jitter',
      inAgent(({ handle }) => handle.switch(handler, { retry: { count: 1, jitter: -0.1 } })),
      'handle.switch: retry.jitter: -0.1 has to be a number from 0 to 1',
    ],
    ['a host', () => traceToFile({} as Bad, 'day.ndjson'), 'traceToFile: host: {} has to be a host'],
    ['a path', () => fileConfig(5 as Bad), 'fileConfig: path: 5 has to be a text'],
    ['a body', () => runMarbles(undefined as Bad), 'runMarbles: body: undefined has to be a function'],
    ['an agent', () => createHost().start(undefined as Bad), 'undefined is no agent', 'bad-definition'],
    [
      'an agent without streams',
      () => createHost().start({ name: 'idle' } as Bad),
      'streams has to be a function',
      'bad-definition',
    ],
    ['a list of agents', () => createHost().startAll(idle as Bad), 'host.startAll: agents:'],
    [
      'one of a list',
      () => createHost().startAll([idle, undefined as Bad]),
      'undefined is no agent',
      'bad-definition',
    ],
    [
      'a group that was written by hand',
      () => createHost().startAll([{ name: 'line', agents: [] }]),
      'group line: agents has to be a list',
    ],
  ])('is refused: %s', async (_what, write, message, code = 'bad-option') => {
    await expect(async () => write()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('is none if a part has more members than its port', () => {
    const log = { ...silentLog, child: () => silentLog, level: 'info' };
    expect(() => createHost({ log })).not.toThrow();
    expect(() => createHost({ log: console })).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['an array', [of(1)], 'an array'],
    ['a Map', new Map([['a$', of(1)]]), 'a Map'],
    ['a Set', new Set([of(1)]), 'a Set'],
  ])('is refused as the record of streams: %s', async (_what, streams, kind) => {
    const host = createHost({ log: silentLog });
    await expect(
      host.start(defineAgent({ name: 'agent', streams: () => streams as Bad })),
    ).rejects.toMatchObject({
      code: 'bad-definition',
      message: expect.stringContaining(`has to return a record of Observables at once, not ${kind}`),
    });
    expect(host.agents.size).toBe(0);
    await host.stop();
  });

  it('is none if an instance of a class is the record of streams', async () => {
    class Streams {
      readonly a$ = new Observable<number>();
    }
    const host = createHost({ log: silentLog });
    const agent = await host.start(
      defineAgent({
        name: 'agent',
        streams: () => new Streams() as unknown as Streams & Record<string, Observable<number>>,
      }),
    );
    expect(Object.keys(agent.streams)).toEqual(['a$']);
    await host.stop();
  });
});

function methods(...names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, () => undefined]));
}
