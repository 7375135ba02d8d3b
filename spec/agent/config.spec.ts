import { switchMap, tap } from 'rxjs';
import { type AgentDefinition, AgentError, defineAgent, type TraceEvent } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';

const schema = z.object({ rate: z.number().min(1).default(1), names: z.array(z.string()).default([]) });

describe('The config', () => {
  it(
    'is on config$ before start$ emits, and an update in the start after it [B4]',
    marbleTest(({ start }) => {
      const log: string[] = [];
      const agent = start(
        defineAgent({
          name: 'agent',
          config: schema,
          streams: ({ lifecycle, config$, config }) => ({
            config$: config$.pipe(tap(({ rate }) => log.push(`config ${rate}`))),
            start$: lifecycle.start$.pipe(
              tap(() => {
                log.push(`start with ${config.rate}`);
                agent.configure({ rate: 3 });
                log.push(`still ${config.rate}`);
              }),
            ),
            second$: lifecycle.start$.pipe(tap(() => log.push(`second with ${config.rate}`))),
          }),
        }),
        { rate: 2 },
      );
      expect(log).toEqual([]);
      setTimeout(() => {
        expect(log).toEqual(['config 2', 'start with 2', 'still 2', 'second with 2', 'config 3']);
      }, 1);
    }),
  );

  it(
    'may be updated before the start: that is delivered after start$ [B4]',
    marbleTest(({ start, expectObservable }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          config: schema,
          streams: ({ config$, lifecycle, config }) => ({
            config$,
            start$: lifecycle.start$.pipe(switchMap(() => [`rate ${config.rate}`])),
          }),
        }),
      );
      agent.configure({ rate: 2 });
      agent.configure({ rate: 3 });
      expectObservable(agent.streams.config$).toBe('(ac)', {
        a: { rate: 1, names: [] },
        c: { rate: 3, names: [] },
      });
      expectObservable(agent.streams.start$).toBe('r', { r: 'rate 1' });
    }),
  );

  it(
    'is there, by its schema, when the streams are made',
    marbleTest(({ start }) => {
      expect.assertions(1);
      start(
        defineAgent({
          name: 'agent',
          config: schema.transform(({ rate }) => ({ perMinute: rate * 60 })),
          streams: ({ config }) => {
            expect(config).toEqual({ perMinute: 120 });
            return {};
          },
        }),
        { rate: 2 },
      );
    }),
  );

  it(
    'changes in place when the agent is configured, at the same instant',
    marbleTest(async ({ start, clock }) => {
      let seen: object = {};
      const agent = start(
        defineAgent({
          name: 'agent',
          config: z.object({ a: z.number().optional(), b: z.number().optional() }),
          streams: ({ config, config$ }) => {
            seen = config;
            return { config$ };
          },
        }),
        { a: 1 },
      );
      const emitted: object[] = [];
      agent.streams.config$.subscribe((config) => emitted.push(config));
      await clock.sleep(5);
      agent.configure({ b: 2 });
      await clock.sleep(0);
      expect(seen).toEqual({ b: 2 });
      expect(emitted).toEqual([{ a: 1 }, { b: 2 }]);
      expect(Date.now()).toBe(5);
    }),
  );

  it(
    'is given first to whoever subscribes to config$ later',
    marbleTest(({ hot, start, expectObservable }) => {
      const agent = defineAgent({
        name: 'agent',
        config: schema,
        streams: ({ config$ }) => ({ rate$: hot('--a--').pipe(switchMap(() => config$)) }),
      });
      expectObservable(start(agent, { rate: 7 }).streams.rate$).toBe('--c', { c: { rate: 7, names: [] } });
    }),
  );

  it(
    'may replace what runs by switching on config$',
    marbleTest(async ({ start, clock, expectHandlers, expectObservable }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          config: schema,
          streams: ({ config$, handle }) => ({
            client$: config$.pipe(
              handle.switch(async function* ({ rate }, { sleep }) {
                for (;;) {
                  yield `${rate}`;
                  await sleep(3);
                }
              }),
            ),
          }),
        }),
      );
      expectHandlers(agent, 'client$').toBe('   s-------(xs)--------x');
      expectObservable(agent.streams.client$).toBe('1--1--1-2--2--2--2--|');
      await clock.sleep(8);
      agent.configure({ rate: 2 });
      await clock.sleep(12);
      await agent.stop();
    }),
  );

  describe('that does not fit', () => {
    const strict = defineAgent({
      name: 'meter',
      config: z.object({
        site: z.string(),
        limits: z.object({ high: z.number() }),
        units: z.array(z.object({ id: z.string() })).default([]),
      }),
      streams: ({ config$ }) => ({ config$ }),
    });

    it(
      'rejects the start with the path and the message of each issue',
      marbleTest(async ({ host }) => {
        const refused: TraceEvent[] = [];
        host.trace$.subscribe((event) => refused.push(event));
        const error: unknown = await host
          .start(strict, { limits: { high: 'much' }, units: [{ id: 'a' }, { id: 2 }] } as never)
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(AgentError);
        expect(error).toMatchObject({
          code: 'bad-config',
          agent: 'meter',
          message: [
            'The config of meter does not fit its schema:',
            '  site: Invalid input: expected string, received undefined',
            '  limits.high: Invalid input: expected number, received string',
            '  units.1.id: Invalid input: expected string, received number',
          ].join('\n'),
        });
        expect((error as AgentError).cause).toBeInstanceOf(z.ZodError);
        expect(host.agents.size).toBe(0);
        expect(host.ledger()).toEqual([]);
        expect(refused).toMatchObject([
          { type: 'config-refused', agent: 'meter', error: { code: 'bad-config' } },
        ]);
      }),
    );

    it(
      'is refused by configure, and the present one stays',
      marbleTest(async ({ host, clock }) => {
        const refused: TraceEvent[] = [];
        const agent = await host.start(strict, { site: 'b1', limits: { high: 1 } });
        host.trace$.subscribe((event) => refused.push(event));
        const seen: unknown[] = [];
        agent.streams.config$.subscribe((config) => seen.push(config));
        expect(() => agent.configure({ site: 'b2' } as never)).toThrow(
          expect.objectContaining({ code: 'bad-config', message: expect.stringContaining('limits: ') }),
        );
        await clock.sleep(1);
        expect(seen).toEqual([]);
        expect(refused).toMatchObject([{ type: 'config-refused' }]);
        expect(agent.state).toBe('ready');
      }),
    );

    it.each<[string, z.ZodType<object>, unknown, string]>([
      ['as a whole', z.object({}), 'text', '(the config itself): Invalid input'],
      ['by an async schema', z.object({}).refine(async () => true), {}, 'cannot be read'],
      [
        'by a schema that throws',
        z.object({}).transform(() => {
          throw new Error('no transform');
        }),
        {},
        'no transform',
      ],
    ])('%s is told so', (_how, config, given, message) =>
      marbleTest(async ({ host }) => {
        const agent = defineAgent({ name: 'agent', config, streams: () => ({}) });
        await expect(host.start(agent as AgentDefinition, given)).rejects.toMatchObject({
          code: 'bad-config',
          message: expect.stringContaining(message),
        });
      })(),
    );
  });

  it(
    'is taken by no agent that has no schema',
    marbleTest(async ({ host }) => {
      const plain = defineAgent({ name: 'plain', streams: () => ({}) });
      await expect(host.start(plain as AgentDefinition, { a: 1 })).rejects.toMatchObject({
        code: 'bad-config',
      });
      await expect(host.start(defineAgent({ name: 'plain', streams: () => ({}) }))).resolves.toMatchObject({
        name: 'plain',
        state: 'ready',
      });
    }),
  );

  it.each(['stopping', 'stopped'] as const)('is taken no more by an agent that is %s', (when) =>
    marbleTest(async ({ start, clock }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          config: schema,
          streams: ({ lifecycle, handle }) => ({
            stop$: lifecycle.stop$.pipe(handle.merge((_e, { sleep }) => sleep(5))),
          }),
        }),
      );
      await clock.sleep(1);
      const stop = agent.stop();
      if (when === 'stopped') await stop;
      expect(() => agent.configure({ rate: 2 })).toThrow(expect.objectContaining({ code: 'agent-stopped' }));
      await stop;
    })(),
  );

  it(
    'that is on its way when the agent stops is not delivered',
    marbleTest(async ({ start, clock }) => {
      const seen: unknown[] = [];
      const agent = start(
        defineAgent({ name: 'agent', config: schema, streams: ({ config$ }) => ({ config$ }) }),
      );
      await clock.sleep(1);
      agent.streams.config$.subscribe({
        next: (config) => seen.push(config),
        complete: () => seen.push('|'),
      });
      agent.configure({ rate: 2 });
      await agent.stop();
      expect(seen).toEqual(['|']);
    }),
  );

  it(
    'of an update that a subscriber of config$ makes comes behind the present one',
    marbleTest(({ start, expectObservable }) => {
      const agent = start(
        defineAgent({
          name: 'agent',
          config: schema,
          streams: ({ config$ }) => ({
            config$: config$.pipe(
              tap(({ rate }) => {
                if (rate < 3) agent.configure({ rate: rate + 1 });
              }),
              switchMap(({ rate }) => [rate]),
            ),
          }),
        }),
      );
      expectObservable(agent.streams.config$).toBe('(123)', { 1: 1, 2: 2, 3: 3 });
    }),
  );

  it.each<[string, z.ZodType<object>, string]>([
    [
      'a refinement',
      z.object({ url: z.object({ host: z.string().refine(async () => Promise.reject(new Error('x'))) }) }),
      'a refinement or transform of url.host is async (it gives a promise)',
    ],
    [
      'a refinement of the whole',
      z.object({ url: z.unknown() }).refine(async () => true),
      'a refinement or transform of it is async (it gives a promise)',
    ],
    [
      'a transform in a list',
      z.object({ url: z.unknown(), list: z.array(z.string().transform(async (text) => text)).optional() }),
      'a refinement or transform of list is async (it gives a promise)',
    ],
    [
      'what gives a promise without being async',
      z.object({ url: z.unknown().superRefine(() => Promise.resolve() as never) }),
      'a refinement or transform of its schema is async (it gives a promise)',
    ],
  ])('explains why it cannot be read when its schema waits: %s', (_what, config, why) =>
    marbleTest(async ({ host }) => {
      const agent = defineAgent({ name: 'meter', config, streams: () => ({}) });
      await expect(host.start(agent, { url: { host: 'a' } })).rejects.toMatchObject({
        code: 'bad-config',
        agent: 'meter',
        message: `The config of meter cannot be read: ${why}, and a config is read at once. Let the schema say what can be told at once, and look into the rest in the agent: in a handler of start$, or with readyWhen.`,
      });
      expect(host.agents.size).toBe(0);
    })(),
  );
});
