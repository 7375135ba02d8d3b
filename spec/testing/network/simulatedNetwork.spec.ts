import { map } from 'rxjs';
import { z } from 'zod';
import { type Bus, defineAgent, procedure, topic } from 'rx-agent-kit';
import { explore, marbleTest, runExploration, runMarbles, simulatedNetwork } from 'rx-agent-kit/testing';
import { busContract, type Ground } from '../../messages/bus/busContract';
import { groupSuite } from '../../messages/suites/groupSuite';
import { twoAgentsSuite } from '../../messages/suites/twoAgentsSuite';

busContract('one host of a simulated network', () => {
  const bus = simulatedNetwork({ latency: '0..5ms' }).bus('a');
  return { bus, drop: () => bus.drop(), restore: () => bus.restore() };
});

/** What one host sends, the other one gets. */
function acrossTwo(): Ground {
  const network = simulatedNetwork({ latency: '0..5ms' });
  const [here, there] = [network.bus('here'), network.bus('there')];
  const bus: Bus = {
    status$: here.status$,
    connect: (context) => {
      there.connect(context);
      here.connect(context);
    },
    close: async () => {
      await there.close();
      await here.close();
    },
    publish: (...message) => here.publish(...message),
    subscribe: (filter, listener) => there.subscribe(filter, listener),
    request: (...call) => here.request(...call),
    serve: (name, server) => there.serve(name, server),
  };
  return { bus, drop: () => here.drop(), restore: () => here.restore() };
}
busContract('a simulated network, across two hosts,', acrossTwo);

twoAgentsSuite('on two hosts of a simulated network', (body) =>
  marbleTest(({ host }) => body(host, host('b')), { network: { latency: '1ms..30ms' } }),
);

groupSuite('on two hosts of a simulated network', (body) =>
  marbleTest(({ host }) => body(host, host('b')), { network: { latency: '1ms..30ms' } }),
);

const word = topic('words/:from', z.number());
const double = procedure('double', { input: z.number(), output: z.number() });

const speaker = defineAgent({
  name: 'speaker',
  config: z.object({ count: z.number() }),
  streams: ({ lifecycle, time, bus, config }) => ({
    said$: lifecycle.start$.pipe(
      time.every('10ms'),
      map(({ index }) => {
        if (index <= config.count) bus.publish(word.at({ from: 'a' }), index);
        return index;
      }),
    ),
  }),
});
const listener = defineAgent({
  name: 'listener',
  streams: ({ bus }) => ({ heard$: bus.messages(word).pipe(map(({ payload }) => payload)) }),
});
const doubler = defineAgent({
  name: 'doubler',
  streams: ({ bus }) => ({
    done$: bus.serve(double, async (value, { sleep }) => {
      await sleep('10ms');
      return value * 2;
    }),
  }),
});
const caller = defineAgent({
  name: 'caller',
  streams: ({ lifecycle, handle }) => ({
    answer$: lifecycle.start$.pipe(
      handle.switch(async (_event, { call }) => {
        try {
          return await call(double, 21, { timeout: '100ms' });
        } catch (error) {
          return (error as { code: string }).code;
        }
      }),
    ),
  }),
});

describe('a marble test with several hosts', () => {
  it(
    'brings messages from one to the other after the latency, and to its own at once',
    marbleTest(
      async ({ host, start, expectObservable }) => {
        const there = await host('b').start(listener);
        const here = start(listener);
        start(speaker, { count: 3 });
        expectObservable(here.streams.heard$, '50ms !').toBe('10ms a 9ms b 9ms c', { a: 1, b: 2, c: 3 });
        expectObservable(there.streams.heard$, '50ms !').toBe('15ms a 9ms b 9ms c', { a: 1, b: 2, c: 3 });
      },
      { network: { latency: '5ms' } },
    ),
  );

  it(
    'takes the latency twice for a call, and answers at once where nobody serves it',
    marbleTest(
      async ({ host, start, expectObservable }) => {
        await host('b').start(doubler);
        expectObservable(start(caller).streams.answer$).toBe('20ms a', { a: 42 });
        expectObservable((await host('c').start(caller)).streams.answer$).toBe('20ms a', { a: 42 });
      },
      { network: { latency: '5ms' } },
    ),
  );

  it(
    'says that a call is unreachable when nobody serves it anywhere',
    marbleTest(async ({ host, start, expectObservable }) => {
      await host('b').start(listener);
      expectObservable(start(caller).streams.answer$).toBe('a', { a: 'unreachable' });
    }),
  );

  it(
    'loses what goes between two parts of the network, and tells nobody',
    marbleTest(
      async ({ host, start, network, clock, expectObservable }) => {
        const there = await host('b').start(listener);
        const serving = await host('c').start(doubler);
        start(speaker, { count: 5 });
        expectObservable(there.streams.heard$, '70ms !').toBe('15ms a 29ms b 9ms c', { a: 1, b: 4, c: 5 });
        await clock.sleep('17ms');
        network.partition('test', ['b', 'c']);
        expectObservable(start(caller).streams.answer$).toBe('117ms a', { a: 'call-timeout' });
        expectObservable(serving.streams.done$).toBe('');
        await clock.sleep('18ms');
        network.heal();
      },
      { network: { latency: '5ms' } },
    ),
  );

  it('loses what is under way when the road is cut', async () => {
    await runMarbles(
      async ({ host, start, network, clock, expectObservable }) => {
        const there = await host('b').start(listener);
        start(speaker, { count: 1 });
        await clock.sleep('12ms');
        network.partition('b');
        expectObservable(there.streams.heard$, '50ms !').toBe('');
      },
      { network: { latency: '5ms' } },
    );
  });

  it(
    'refuses to cut off a host that is not there',
    marbleTest(({ network }) => {
      expect(() => network.partition('x')).toThrow(
        expect.objectContaining({ code: 'bad-option', message: expect.stringContaining("no host 'x'") }),
      );
    }),
  );

  it(
    'brings what is retained to whoever comes back',
    marbleTest(async ({ host, start, network, clock }) => {
      const state = topic('state', z.number(), { retain: 'last' });
      const keeper = defineAgent({
        name: 'keeper',
        streams: ({ lifecycle, time, bus }) => ({
          kept$: lifecycle.start$.pipe(
            time.after('10ms'),
            map(() => bus.publish(state, 1)),
          ),
        }),
      });
      const late = defineAgent({
        name: 'late',
        streams: ({ bus }) => ({ state$: bus.messages(state).pipe(map(({ payload }) => payload)) }),
      });
      const early = await host('b').start(late);
      start(keeper);
      network.partition('b');
      await clock.sleep('20ms');
      network.heal();
      await early.stop();
      const seen: unknown[] = [];
      host('b').outputs$.subscribe(({ value }) => seen.push(value));
      await host('b').start(late);
      await clock.sleep('1ms');
      expect(seen).toEqual([1]);
    }),
  );

  it('loses, doubles and reorders the shares that it is told to, the same for one seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const heard: number[] = [];
      await runMarbles(
        async ({ host, start, clock }) => {
          (await host('b').start(listener)).streams.heard$.subscribe((value) => heard.push(value));
          start(speaker, { count: 1000 });
          await clock.sleep('11s');
          expect(heard.length).toBeGreaterThan(0);
        },
        { network: { latency: '0..40ms', loss: 0.1, duplication: 0.05, reordering: 0.2, seed } },
      );
      return heard;
    };
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const kinds = new Set(one);
    expect(kinds.size).toBeGreaterThan(850);
    expect(kinds.size).toBeLessThan(950);
    expect(one.length - kinds.size).toBeGreaterThan(20);
    expect(one.filter((value, n) => n > 0 && value < one[n - 1]!).length).toBeGreaterThan(20);
  });

  it('keeps the order of a sender where nothing may overtake', async () => {
    await runMarbles(
      async ({ host, start, clock }) => {
        const heard: number[] = [];
        (await host('b').start(listener)).streams.heard$.subscribe((value) => heard.push(value));
        start(speaker, { count: 500 });
        await clock.sleep('6s');
        expect(heard).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
      },
      { network: { latency: '0..100ms' } },
    );
  });

  it(
    'shares calls among those who serve them',
    marbleTest(
      async ({ host, start }) => {
        const counts = { b: 0, c: 0 };
        for (const name of ['b', 'c'] as const)
          (await host(name).start(doubler)).streams.done$.subscribe(() => counts[name]++);
        for (let n = 0; n < 40; n++) start(defineAgent({ ...caller, name: `caller ${n}` }));
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(counts.b + counts.c).toBe(40);
        expect(Math.min(counts.b, counts.c)).toBeGreaterThan(5);
      },
      { seed: 5 },
    ),
  );

  it(
    'gives what a group shares to those of it who can be reached, and to whoever is left of it',
    marbleTest(
      async ({ host, bus, network, clock, crash, expectObservable }) => {
        const worker = defineAgent({ ...listener, name: 'worker', group: 'workers' });
        const counts: Record<string, number> = { b: 0, c: 0 };
        for (const name of ['b', 'c']) {
          await host(name).start(worker);
          host(name).outputs$.subscribe(() => counts[name]!++);
        }
        const say = async (): Promise<Record<string, number>> => {
          for (let n = 0; n < 20; n++) bus.publish(word.at({ from: 'a' }), n);
          await clock.sleep('10ms');
          const seen = { ...counts };
          Object.assign(counts, { b: 0, c: 0 });
          return seen;
        };
        await host.start(defineAgent({ name: 'here', streams: ({ bus: own }) => ({ s$: own.status$ }) }));
        const shared = await say();
        expect(Object.values(shared).sort()[0]).toBeGreaterThan(3);
        expect(shared['b']! + shared['c']!).toBe(20);
        network.partition('test', 'b');
        expect(await say()).toEqual({ b: 0, c: 20 });
        network.heal();
        crash('20ms', { host: 'c', down: '1h' });
        await clock.sleep('1ms');
        expect(await say()).toEqual({ b: 20, c: 0 });
        expectObservable(host.outputs$, '1ms !').toBe('');
      },
      { network: { latency: '5ms' }, seed: 3 },
    ),
  );

  it(
    'calls off at the other host, and fails what is open when the bus drops',
    marbleTest(
      async ({ host, start, bus, clock, expectHandlers, expectObservable }) => {
        const b = host('b');
        const slow = defineAgent({
          name: 'slow',
          streams: ({ bus: own }) => ({
            done$: own.serve(double, async (value, { sleep }) => {
              await sleep('1h');
              return value;
            }),
          }),
        });
        await b.start(slow);
        expectHandlers('slow', 'done$').toBe('5ms s 99ms x 19ms s 4ms x');
        expectObservable(start(caller).streams.answer$).toBe('100ms a', { a: 'call-timeout' });
        await clock.sleep('120ms');
        expect(b.ledger().filter(({ kind }) => kind === 'run')).toEqual([]);
        const dropped = start(defineAgent({ ...caller, name: 'caller 2' }));
        expectObservable(dropped.streams.answer$).toBe('130ms a', { a: 'call-failed' });
        await clock.sleep('10ms');
        bus.drop();
        await b.stop();
      },
      { network: { latency: '5ms' } },
    ),
  );

  it(
    'is a host, whatever is asked of it',
    marbleTest(async ({ host }) => {
      expect(host.name).toBe('test');
      expect(host('b').name).toBe('b');
      expect(host('b')).toBe(host('b'));
      expect('startAll' in host).toBe(true);
      const agent = await host.start(listener);
      expect(host.agents.get('listener')).toBe(agent);
      expect(host('b').agents.size).toBe(0);
    }),
  );
});

describe('a search over several hosts', () => {
  const body = (bound: number) =>
    (async ({ host, start, eventually }: Parameters<Parameters<typeof explore>[0]>[0]) => {
      const heard: number[] = [];
      (await host('b').start(listener)).streams.heard$.subscribe((value) => heard.push(value));
      start(speaker, { count: 2 });
      eventually(() => heard.length >= bound, `${bound} messages come`);
    }) as Parameters<typeof explore>[0];

  it('makes a choice of what may be lost', async () => {
    const options = { network: { loss: 0.5 }, runs: 50, until: '100ms' };
    const error = await runExploration(body(2), options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'exploration-failed' });
    expect(String(error)).toContain('the message on words/a from test to b is lost');
  });

  it(
    'finds nothing where nothing can be lost',
    explore(body(2), { network: { latency: '0..20ms' }, runs: 50, until: '100ms' }),
  );
});
