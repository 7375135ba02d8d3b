import {
  createHost,
  defineAgent,
  type Host,
  type Leases,
  memoryLeases,
  memoryStore,
  type OpenLeases,
  silentLog,
} from 'rx-agent-kit';
import { marbleTest } from 'rx-agent-kit/testing';
import { account, keptBy } from './support/account';

/** Leases to which a host has a way of its own, that can be cut off. */
function ways(leases: Leases): { readonly cut: Set<string>; readonly leases: Leases } {
  const cut = new Set<string>();
  const refuse = async (host: string) => {
    await Promise.resolve();
    if (cut.has(host)) throw new Error('the way is cut off');
  };
  return {
    cut,
    leases: {
      open: async (host, context) => {
        await refuse(host);
        const open: OpenLeases = await leases.open(host, context);
        return {
          read: (name) => refuse(host).then(() => open.read(name)),
          write: (name, holder, after) => refuse(host).then(() => open.write(name, holder, after)),
          close: () => open.close(),
        };
      },
    },
  };
}

describe('singleton', () => {
  /** Counts seconds, and says where. */
  function counter(at: string, seen: string[], lease = '10s' as const) {
    return defineAgent({
      name: 'counter',
      singleton: { lease },
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
  }

  const hostOf = (name: string, leases: Leases, more: object = {}): Host =>
    createHost({ name, leases, log: silentLog, ...more });

  it(
    'runs on the first host, and stands by on the others, whose start resolves',
    marbleTest(async ({ clock }) => {
      const leases = memoryLeases();
      const seen: string[] = [];
      const [a, b] = [hostOf('a', leases), hostOf('b', leases)];
      const here = await a.start(counter('a', seen));
      const there = await b.start(counter('b', seen));
      expect([here.state, there.state]).toEqual(['ready', 'standby']);
      expect([here.health.status, there.health.status]).toEqual(['good', 'good']);
      await clock.sleep('60s');
      expect(new Set(seen.map((text) => text[0]))).toEqual(new Set(['a']));
      expect(seen.length).toBeGreaterThanOrEqual(59);
      await b.stop();
      await a.stop();
    }),
  );

  it(
    'goes on at once where another host stands by, when its host stops',
    marbleTest(async ({ clock }) => {
      const leases = memoryLeases();
      const [a, b] = [hostOf('a', leases), hostOf('b', leases)];
      await a.start(counter('a', []));
      const there = await b.start(counter('b', []));
      await clock.sleep('5s');
      await a.stop();
      await clock.sleep('1.1s');
      expect(there.state).toBe('ready');
      await b.stop();
    }),
  );

  it(
    'is given back when its host stops, also in the midst of a renewal',
    marbleTest(async ({ clock }) => {
      const quick = memoryLeases();
      const slow: Leases = {
        open: async (host, context) => {
          const open = await quick.open(host, context);
          const later = () => new Promise((resolve) => setTimeout(resolve, 300));
          return {
            read: (name) => open.read(name),
            write: async (name, holder, after) => {
              const number = await open.write(name, holder, after);
              await later();
              return number;
            },
            close: () => open.close(),
          };
        },
      };
      const [a, b] = [hostOf('a', slow), hostOf('b', quick)];
      await a.start(counter('a', []));
      const there = await b.start(counter('b', []));
      // Renewals begin every two seconds, the first of them that long behind the answer to the taking.
      await clock.sleep(2400 - clock.now());
      await a.stop();
      await clock.sleep('2s');
      expect(there.state).toBe('ready');
      await b.stop();
    }),
  );

  it.each(['1s', '10s', '2m'] as const)(
    'is ended where its host is cut off before another takes over, within the lease of %s',
    (lease) =>
      marbleTest(async ({ clock }) => {
        const span = { '1s': 1000, '10s': 10_000, '2m': 120_000 }[lease];
        const { cut, leases } = ways(memoryLeases());
        const [a, b] = [hostOf('a', leases), hostOf('b', leases)];
        const here = await a.start(counter('a', [], lease as '10s'));
        const there = await b.start(counter('b', [], lease as '10s'));
        const phases: string[] = [];
        let began = 0;
        const since = (text: string) => phases.push(`${text} ${clock.now() - began}`);
        const errors: string[] = [];
        a.errors$.subscribe(({ code }) => errors.push(code));
        await clock.sleep(span * 1.234);
        began = clock.now();
        cut.add('a');
        here.state$.subscribe((state) => state === 'standby' && since('a'));
        there.state$.subscribe((state) => state === 'ready' && since('b'));
        await clock.sleep(span);
        expect(phases.map((text) => text[0])).toEqual(['a', 'b']);
        const [ended, taken] = phases.map((text) => Number(text.slice(2)) / span);
        expect(ended).toBeLessThanOrEqual(0.6);
        expect(taken).toBeLessThanOrEqual(0.96);
        expect(taken! - ended!).toBeGreaterThanOrEqual(0.14);
        expect(errors).toEqual(['lease-failed']);
        cut.delete('a');
        await clock.sleep(span);
        expect([here.state, there.state]).toEqual(['standby', 'ready']);
        await b.stop();
        await clock.sleep(span);
        expect(here.state).toBe('ready');
        await a.stop();
      })(),
  );

  it(
    'keeps it over a short silence of the leases',
    marbleTest(async ({ clock }) => {
      const { cut, leases } = ways(memoryLeases());
      const [a, b] = [hostOf('a', leases), hostOf('b', leases)];
      const here = await a.start(counter('a', []));
      const there = await b.start(counter('b', []));
      const phases: string[] = [];
      here.state$.subscribe((state) => phases.push(state));
      for (let n = 0; n < 10; n++) {
        cut.add('a');
        await clock.sleep('3s');
        cut.delete('a');
        await clock.sleep('2.1s');
      }
      expect([phases, there.state]).toEqual([['ready'], 'standby']);
      await a.stop();
      await b.stop();
    }),
  );

  it(
    'goes on with what is durable, wherever it runs, and what the former host writes is refused',
    marbleTest(async ({ clock }) => {
      const { cut, leases } = ways(memoryLeases());
      const store = memoryStore();
      const [a, b] = [hostOf('a', leases, { store }), hostOf('b', leases, { store })];
      await a.start(account('a'));
      await b.start(account('b'));
      await clock.sleep('5.5s');
      cut.add('a');
      await clock.sleep('20s');
      await b.kept();
      await a.stop();
      await b.stop();
      const by = keptBy(store);
      // One second as the other, each once, and none of them by the one that was cut off when the other had it.
      expect(by).toEqual([
        ...Array<string>(by.lastIndexOf('a') + 1).fill('a'),
        ...Array<string>(by.length - by.lastIndexOf('a') - 1).fill('b'),
      ]);
      expect(by.filter((at) => at === 'a').length).toBeGreaterThanOrEqual(5);
      expect(by.filter((at) => at === 'b').length).toBeGreaterThanOrEqual(5);
      expect(store.entries('a').size + store.entries('b').size).toBe(0);
    }),
  );

  it(
    'tells of what goes wrong when it is its turn, and rejects a start that finds no leases',
    marbleTest(async ({ clock }) => {
      const { cut, leases } = ways(memoryLeases());
      const [a, b, c] = [hostOf('a', leases), hostOf('b', leases), hostOf('c', leases)];
      const errors: string[] = [];
      b.errors$.subscribe(({ code }) => errors.push(code));
      await a.start(counter('a', []));
      await b.start(
        defineAgent({
          name: 'counter',
          singleton: true,
          streams: () => {
            throw new Error('not here');
          },
        }),
      );
      cut.add('c');
      await expect(c.start(counter('c', []))).rejects.toThrow('the way is cut off');
      cut.delete('c');
      const third = await c.start(counter('c', []));
      await a.stop();
      await clock.sleep('5s');
      // Whoever fails gives it on.
      expect(third.state === 'ready' || errors.includes('start-failed')).toBe(true);
      await clock.sleep('5s');
      expect(third.state).toBe('ready');
      await Promise.all([b.stop(), c.stop()]);
    }),
  );

  it(
    'runs like any other where there is one host',
    marbleTest(async ({ clock }) => {
      const host = createHost({ log: silentLog });
      const seen: string[] = [];
      const handle = await host.start(counter('here', seen));
      await clock.sleep('3.5s');
      expect([handle.state, seen.length]).toEqual(['ready', 3]);
      await host.stop();
    }),
  );

  it('refuses a singleton in a group', () => {
    expect(() => defineAgent({ name: 'x', singleton: true, group: 'g', streams: () => ({}) })).toThrow(
      expect.objectContaining({ code: 'bad-definition' }),
    );
    expect(() => defineAgent({ name: 'x', group: '', streams: () => ({}) })).toThrow(/group/);
    expect(defineAgent({ name: 'x', singleton: false, group: 'g', streams: () => ({}) }).group).toBe('g');
  });

  it.each([[{ lease: '-1s' }], [{ lease: 0 }], ['yes'], [{ leese: '1s' }]])('refuses %j', (singleton) => {
    expect(() => defineAgent({ name: 'x', singleton: singleton as never, streams: () => ({}) })).toThrow(
      /singleton/,
    );
  });
});
