import { EMPTY, NEVER, Observable, of } from 'rxjs';
import { type AgentDefinition, type AgentHandle, createHost, defineAgent, type Tick } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { z } from 'zod';

/** Is true only if the two types are the same, by the way in which TypeScript compares conditional types. */
type Same<A, B> = Shape<A> extends Shape<B> ? true : false;
type Shape<A> = <T>(given: T) => T extends A ? 1 : 2;

describe('defineAgent', () => {
  it('gives back what it is given, and runs nothing', () => {
    const streams = jest.fn(() => ({}));
    const definition = { name: 'agent', streams };
    expect(defineAgent(definition)).toBe(definition);
    expect(streams).not.toHaveBeenCalled();
  });

  it.each([
    ['no name', { streams: () => ({}) }, 'bad-definition', 'An agent needs a name, not undefined'],
    ['an empty name', { name: '', streams: () => ({}) }, 'bad-definition', 'An agent needs a name, not ""'],
    ['no streams', { name: 'agent' }, 'bad-definition', 'agent: streams has to be a function'],
    [
      'streams that are no function',
      { name: 'agent', streams: {} },
      'bad-definition',
      'streams has to be a function',
    ],
    [
      'a startTimeout that is none',
      { name: 'agent', streams: () => ({}), startTimeout: 'soon' },
      'bad-duration',
      '"soon"',
    ],
    [
      'a stopTimeout that is none',
      { name: 'agent', streams: () => ({}), stopTimeout: -1 },
      'bad-duration',
      '-1',
    ],
  ])('refuses %s at once', (_what, definition, code, message) => {
    expect(() => defineAgent(definition as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['a promise', Promise.resolve(1), 'a promise'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, 'of type number'],
    ['a function', () => of(1), 'of type function'],
    ['an array', [1], 'an array'],
  ])('lets no start pass whose stream is %s, before any stream is subscribed', (_what, stream, kind) =>
    marbleTest(async ({ host }) => {
      let subscribed = 0;
      const agent = defineAgent({
        name: 'agent',
        streams: () => ({
          good$: new Observable(() => {
            subscribed++;
          }),
          bad$: stream as unknown as Observable<number>,
        }),
      });
      await expect(host.start(agent)).rejects.toMatchObject({
        code: 'not-an-observable',
        agent: 'agent',
        stream: 'bad$',
        message: `agent.bad$ is no Observable but ${kind}. It has to be one; wrap a promise in from().`,
      });
      expect(subscribed).toBe(0);
      expect(host.agents.size).toBe(0);
    })(),
  );

  it.each([
    ['nothing', undefined],
    ['an Observable', EMPTY],
    ['a promise of streams', Promise.resolve({})],
    ['a text', 'streams'],
  ])('lets no start pass whose streams are %s', (_what, streams) =>
    marbleTest(async ({ host }) => {
      const agent = defineAgent({ name: 'agent', streams: () => streams as never });
      await expect(host.start(agent)).rejects.toMatchObject({ code: 'bad-definition', agent: 'agent' });
      expect(host.agents.size).toBe(0);
    })(),
  );
});

describe('The types of an agent', () => {
  const meter = defineAgent({
    name: 'meter',
    config: z.object({ site: z.string(), rate: z.coerce.number().default(1) }),
    streams: (context) => {
      const { config, lifecycle, time, handle } = context;
      const claims: [
        Same<typeof config, Readonly<{ site: string; rate: number }>>,
        Same<typeof context.config$, Observable<{ site: string; rate: number }>>,
      ] = [true, true];
      expect(claims).not.toContain(false);
      return {
        ticks$: lifecycle.start$.pipe(time.every('1s')),
        text$: lifecycle.start$.pipe(
          time.after('1s'),
          handle.switch(async (event) => `${event.type} ${config.rate}`),
        ),
        many$: lifecycle.start$.pipe(
          handle.concat(async function* () {
            yield 1;
            yield 'two' as const;
          }),
        ),
        values$: lifecycle.start$.pipe(handle.merge(() => of(true), { concurrency: 2 })),
      };
    },
    readyWhen: ({ ticks$ }) => ticks$,
  });
  const optional = defineAgent({
    name: 'optional',
    config: z.object({ rate: z.number().default(1) }),
    streams: () => ({}),
  });
  const plain = defineAgent({ name: 'plain', streams: ({ lifecycle }) => ({ start$: lifecycle.start$ }) });

  it('are inferred from end to end', () => {
    type Handle = Awaited<ReturnType<typeof startMeter>>;
    const startMeter = () => createHost().start(meter, { site: 'b1' });
    const claims: [
      Same<Handle['streams']['ticks$'], Observable<Tick>>,
      Same<Handle['streams']['text$'], Observable<string>>,
      Same<Handle['streams']['many$'], Observable<1 | 'two'>>,
      Same<Handle['streams']['values$'], Observable<boolean>>,
      Same<Parameters<Handle['configure']>[0], z.input<NonNullable<typeof meter.config>>>,
    ] = [true, true, true, true, true];
    expect(claims).not.toContain(false);
    expect(startMeter).toBeDefined();
  });

  it('refuse what does not fit', () => {
    const host = createHost();
    const never = () => {
      // @ts-expect-error -- the config is missing
      void host.start(meter);
      // @ts-expect-error -- the site is missing
      void host.start(meter, { rate: 1 });
      // @ts-expect-error -- the site is a text
      void host.start(meter, { site: 1 });
      // @ts-expect-error -- the rate is a number
      void host.start(optional, { rate: 'often' });
      // @ts-expect-error -- it takes no config
      void host.start(plain, { rate: 1 });
      // @ts-expect-error -- a stream is an Observable
      defineAgent({ name: 'bad', streams: () => ({ bad$: 1 }) });
      // @ts-expect-error -- readyWhen gives an Observable
      defineAgent({ name: 'bad', streams: () => ({}), readyWhen: () => true });
      // @ts-expect-error -- there is no such stream
      defineAgent({ name: 'bad', streams: () => ({ a$: NEVER }), readyWhen: ({ b$ }) => b$ });
      defineAgent({
        name: 'bad',
        config: z.object({ site: z.string() }),
        streams: ({ config, lifecycle, handle, time }) => {
          // @ts-expect-error -- the config has no rate
          time.after(config.rate);
          // @ts-expect-error -- the config is not to be written to
          config.site = 'b2';
          return {
            // @ts-expect-error -- a handler does not return a plain value
            plain$: lifecycle.start$.pipe(handle.switch(() => 1)),
            // @ts-expect-error -- switch has no queue
            queue$: lifecycle.start$.pipe(handle.switch(async () => 1, { buffer: 1 })),
            // @ts-expect-error -- concat has no concurrency
            parallel$: lifecycle.start$.pipe(handle.concat(async () => 1, { concurrency: 2 })),
            // @ts-expect-error -- there is no such policy of missed ticks
            ticks$: lifecycle.start$.pipe(time.every('1s', { missed: 'all' })),
          };
        },
      });
    };
    expect(never).toBeDefined();
  });

  it('let a config be left out if all of it has defaults, and agents of all kinds be put together', () => {
    const host = createHost();
    const never = async () => {
      await host.start(optional);
      await host.start(optional, {});
      await host.start(optional, { rate: 2 });
      const all: AgentDefinition[] = [meter, optional, plain];
      const handles: AgentHandle[] = await Promise.all(all.map((agent) => host.start(agent)));
      await host.start(all[0]!, { site: 'from a file' });
      return handles;
    };
    expect(never).toBeDefined();
  });
});
