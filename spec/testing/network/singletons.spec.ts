import { map } from 'rxjs';
import { z } from 'zod';
import { defineAgent, memoryStore, topic } from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { account, keptBy } from '../../host/singleton/support/account';

/** Counts seconds, and says where. */
const counterAt = (at: string, seen: string[]) =>
  defineAgent({
    name: 'counter',
    singleton: true,
    streams: ({ lifecycle, time, handle }) => ({
      ticks$: lifecycle.start$.pipe(
        time.every('1s'),
        handle.concat(async ({ index }, { now }) => {
          seen.push(`${at} ${now() / 1000}`);
          return index;
        }),
      ),
    }),
  });

describe('a singleton in a marble test', () => {
  it(
    'runs like any other while there is one host, its streams are there at once, and it costs no instant',
    marbleTest(({ start, expectObservable }) => {
      expectObservable(start(counterAt('test', [])).streams.ticks$, '3500ms !').toBe('1s a 999ms b 999ms c', {
        a: 1,
        b: 2,
        c: 3,
      });
    }),
  );

  it.each([{}, { network: { latency: '5ms..40ms' } }])(
    'stands by on the other hosts, and goes on there when its own stops (%j)',
    (options) =>
      marbleTest(async ({ start, host, clock }) => {
        const seen: string[] = [];
        const here = start(counterAt('test', seen));
        const there = await host('b').start(counterAt('b', seen));
        await clock.sleep('5s');
        expect([here.state, there.state]).toEqual(['ready', 'standby']);
        await here.stop();
        // It is looked for each second, and each question takes its time there and back.
        await clock.sleep('1.5s');
        expect([here.state, there.state]).toEqual(['stopped', 'ready']);
        await clock.sleep('2s');
        expect(new Set(seen.map((text) => text.split(' ')[0]))).toEqual(new Set(['test', 'b']));
      }, options)(),
  );

  it(
    'is taken over within the lease from a host that crashes, and stands by there when that is back',
    marbleTest(
      async ({ host, crash, clock }) => {
        const seen: string[] = [];
        await host('a').start(counterAt('a', seen));
        await host('b').start(counterAt('b', seen));
        crash('20s', { host: 'a', down: '3s' });
        await clock.sleep('30s');
        expect(host('b').agents.get('counter')?.state).toBe('ready');
        expect(host('a').agents.get('counter')?.state).toBe('standby');
        const first = seen.findIndex((text) => text.startsWith('b'));
        expect(seen.slice(first).every((text) => text.startsWith('b'))).toBe(true);
        expect(Number(seen[first]!.split(' ')[1])).toBeLessThanOrEqual(31);
      },
      { network: { latency: '1ms..20ms' } },
    ),
  );

  it(
    'is ended where its host is cut off from the servers before another takes over',
    marbleTest(
      async ({ host, network, clock }) => {
        const [a, b] = [host('a'), host('b')];
        const here = await a.start(counterAt('a', []));
        const there = await b.start(counterAt('b', []));
        const phases: string[] = [];
        await clock.sleep('12s');
        here.state$.subscribe((state) => phases.push(`a ${state}`));
        there.state$.subscribe((state) => phases.push(`b ${state}`));
        network.partition('a', 'servers');
        await clock.sleep('10s');
        expect(phases).toEqual([
          'a ready',
          'b standby',
          'a stopping',
          'a finish',
          'a standby',
          'b setup',
          'b configured',
          'b start',
          'b ready',
        ]);
        network.heal();
        await clock.sleep('10s');
        expect([here.state, there.state]).toEqual(['standby', 'ready']);
      },
      { network: { latency: '10ms' } },
    ),
  );

  it('goes on elsewhere when its host stands still past its lease, and nothing that one still does is kept', async () => {
    const store = memoryStore();
    await marbleTest(
      async ({ host, network, clock }) => {
        await host('a').start(account('a'));
        await host('b').start(account('b'));
        await clock.sleep('5500ms');
        network.stall('a', '20s');
        await clock.sleep('20s');
        const before = keptBy(store).length;
        await clock.sleep('5s');
        const by = keptBy(store);
        expect(by.length).toBeGreaterThan(before);
        // One second as the other, each once, and none of them by the one that stood still.
        const [ofA, ofB] = ['a', 'b'].map((at) => by.filter((other) => other === at).length);
        expect(by).toEqual([...Array<string>(ofA!).fill('a'), ...Array<string>(ofB!).fill('b')]);
        expect(ofA).toBeGreaterThanOrEqual(4);
        expect(ofB).toBeGreaterThanOrEqual(10);
        expect(host('a').agents.get('account')?.state).toBe('standby');
      },
      { store, network: { latency: '10ms' } },
    )();
  });

  it('keeps each second once, whatever is lost, late or dead', async () => {
    const store = memoryStore();
    await marbleTest(
      async ({ host, crash, network, clock }) => {
        for (const name of ['a', 'b', 'c']) await host(name).start(account(name));
        crash('15s', { host: 'a', down: '10s' });
        await clock.sleep('40s');
        network.partition('b', 'servers');
        await clock.sleep('15s');
        network.heal();
        network.stall('c', '15s');
        await clock.sleep('40s');
        const by = keptBy(store);
        // No second is lost but those in which nobody had it.
        expect(by.length).toBeGreaterThan(60);
        expect(by.length).toBeLessThanOrEqual(95);
      },
      { store, network: { latency: '1ms..50ms', loss: 0.02 }, seed: 11 },
    )();
  });
});

describe('stall', () => {
  it(
    'lets one host stand still while the others go on, and what it is late with come at once then',
    marbleTest(async ({ host, network, clock }) => {
      const seen: string[] = [];
      const named = (name: string) => ({ ...counterAt(name, seen), singleton: false });
      await host('a').start(named('a'));
      await host('b').start(named('b'));
      await clock.sleep('1500ms');
      network.stall('a', '3s');
      await clock.sleep('4s');
      expect(seen).toEqual(['a 1', 'b 1', 'b 2', 'b 3', 'b 4', 'a 4.5', 'b 5', 'a 5']);
    }),
  );

  it(
    'lets what comes to the host wait',
    marbleTest(
      async ({ host, network, clock }) => {
        const heard: number[] = [];
        const word = topic('words', z.number());
        await host('a').start(
          defineAgent({
            name: 'listener',
            streams: ({ bus }) => ({ heard$: bus.messages(word).pipe(map(() => heard.push(clock.now()))) }),
          }),
        );
        await host('b').start(
          defineAgent({
            name: 'speaker',
            streams: ({ lifecycle, time, bus }) => ({
              said$: lifecycle.start$.pipe(
                time.every('1s'),
                map(({ index }) => bus.publish(word, index)),
              ),
            }),
          }),
        );
        await clock.sleep('500ms');
        network.stall('a', '2s');
        await clock.sleep('3s');
        expect(heard).toEqual([2500, 2500, 3010]);
      },
      { network: { latency: '10ms' } },
    ),
  );

  it(
    'refuses a host that is not there, and the one that each test has',
    marbleTest(({ network }) => {
      for (const name of ['x', 'test'])
        expect(() => network.stall(name, '1s')).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }),
  );
});

describe('a crash of another host', () => {
  it(
    'ends that one alone, and starts the same agents there again',
    marbleTest(async ({ host, crash, clock, start }) => {
      const seen: string[] = [];
      const named = (name: string) => ({ ...counterAt(name, seen), singleton: false });
      await host('b').start(named('b'));
      await clock.sleep('10ms');
      start(named('test'));
      crash('2500ms', { host: 'b', down: '1s' });
      await clock.sleep('4600ms');
      expect(seen).toEqual(['b 1', 'test 1.01', 'b 2', 'test 2.01', 'test 3.01', 'test 4.01', 'b 4.5']);
    }),
  );

  it(
    'is refused for a host that is not there',
    marbleTest(({ crash }) => {
      expect(() => crash('1s', { host: 'x' })).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }),
  );
});
