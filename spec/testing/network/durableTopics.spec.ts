import { map } from 'rxjs';
import { z } from 'zod';
import { createHost, defineAgent, type Host, silentLog, topic } from 'rx-agent-kit';
import { marbleTest, simulatedNetwork } from 'rx-agent-kit/testing';

const order = topic('orders/:id', z.number(), { durable: true });

/** Publishes an order each second. */
const shop = (name = 'shop', singleton = false) =>
  defineAgent({
    name,
    singleton: singleton && { lease: '5s' },
    streams: ({ lifecycle, time, bus }) => ({
      placed$: lifecycle.start$.pipe(
        time.every('1s'),
        map(({ index }) => {
          bus.publish(order.at({ id: `o${index % 3}` }), index);
          return index;
        }),
      ),
    }),
  });

interface Seen {
  readonly at: string;
  readonly value: number;
  readonly id: string | undefined;
}

/** Takes orders, each of which takes its time. */
const desk = (at: string, seen: Seen[], work: (value: number) => void = () => undefined) =>
  defineAgent({
    name: 'desk',
    streams: ({ bus, handle }) => ({
      taken$: bus.messages(order, { durable: 'desk' }).pipe(
        handle.merge(async ({ payload: value, origin }, { sleep }) => {
          await sleep('300ms');
          work(value);
          seen.push({ at, value, id: origin?.id });
          return value;
        }),
      ),
    }),
  });

const valuesOf = (seen: readonly Seen[]) =>
  [...new Set(seen.map(({ value }) => value))].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('a durable topic on a simulated network', () => {
  it.each([{}, { network: { latency: '5ms..80ms' } }, { network: { latency: '1ms', loss: 0.2 }, seed: 7 }])(
    'is shared by the hosts that take it under one name, and keeps what is published while nobody does (%j)',
    (options) =>
      marbleTest(async ({ host, clock }) => {
        const seen: Seen[] = [];
        // The name has to be known.
        await (await host('b').start(desk('b', seen))).stop();
        const selling = await host('a').start(shop());
        await clock.sleep('5500ms');
        expect(seen).toEqual([]);
        for (const name of ['b', 'c']) await host(name).start(desk(name, seen));
        await clock.sleep('10s');
        await selling.stop();
        await clock.sleep('2m');
        expect(valuesOf(seen)).toEqual(upTo(15));
        expect(new Set(seen.map(({ at }) => at))).toEqual(new Set(['b', 'c']));
        // What comes again is known by its id.
        expect(new Set(seen.map(({ id }) => id)).size).toBe(15);
        for (const id of ['o0', 'o1', 'o2']) {
          const values = seen.map(({ value }) => value).filter((value) => `o${value % 3}` === id);
          expect(values).toEqual([...values].sort((one, other) => one - other));
        }
      }, options)(),
  );

  it(
    'comes again after a failure, on any host, and is dead at last',
    marbleTest(async ({ host, clock }) => {
      const seen: Seen[] = [];
      const tried: number[] = [];
      const dead: string[] = [];
      for (const name of ['b', 'c']) {
        host(name).errors$.subscribe(({ code }) => code === 'message-dead' && dead.push(name));
        await host(name).start(
          desk(name, seen, (value) => {
            if (value !== 2) return;
            tried.push(clock.now());
            throw new Error('no lamp');
          }),
        );
      }
      const selling = await host('a').start(shop());
      await clock.sleep('4500ms');
      await selling.stop();
      await clock.sleep('10m');
      expect(valuesOf(seen)).toEqual([1, 3, 4]);
      expect(tried).toHaveLength(10);
      expect(dead).toHaveLength(1);
    }),
  );

  it(
    'goes to another host when the one that has it dies or is cut off',
    marbleTest(
      async ({ host, clock, crash, network }) => {
        const seen: Seen[] = [];
        for (const name of ['b', 'c']) await host(name).start(desk(name, seen));
        const selling = await host('a').start(shop());
        for (const at of [3100, 5100, 7200]) crash(at, { host: 'b', down: '900ms' });
        await clock.sleep('9s');
        network.partition('c');
        await clock.sleep('20s');
        network.heal();
        await selling.stop();
        await clock.sleep('2m');
        expect(valuesOf(seen)).toEqual(upTo(seen.reduce((most, { value }) => Math.max(most, value), 0)));
        expect(valuesOf(seen).length).toBeGreaterThanOrEqual(28);
      },
      { network: { latency: '5ms..30ms' } },
    ),
  );

  it(
    'reaches those who are subscribed without a name, on all hosts',
    marbleTest(async ({ host, start, clock, expectObservable }) => {
      const ear = defineAgent({
        name: 'ear',
        streams: ({ bus }) => ({ heard$: bus.messages(order).pipe(map(({ payload }) => payload)) }),
      });
      const there = await host('b').start(ear);
      const here = start(ear);
      start(shop());
      for (const { streams } of [here, there])
        expectObservable(streams.heard$, '2500ms !').toBe('1s a 999ms b', { a: 1, b: 2 });
      await clock.sleep('3s');
    }),
  );

  it('serves hosts in real time, too', async () => {
    const network = simulatedNetwork({ latency: '0..3ms' });
    const hosts = ['a', 'b'].map((name): Host =>
      createHost({ name, bus: network.bus(name), log: silentLog }),
    );
    const quick = topic('quick', z.number(), { durable: true });
    const taken = new Promise((resolve) => {
      hosts[1]!.outputs$.subscribe(({ value }) => {
        resolve(value);
      });
    });
    await hosts[1]!.start(
      defineAgent({
        name: 'taker',
        streams: ({ bus }) => ({
          x$: bus.messages(quick, { durable: 'x' }).pipe(map(({ payload }) => payload)),
        }),
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await hosts[0]!.start(
      defineAgent({
        name: 'giver',
        streams: ({ lifecycle, bus }) => ({
          x$: lifecycle.start$.pipe(
            map(() => {
              bus.publish(quick, 1);
            }),
          ),
        }),
      }),
    );
    await hosts[0]!.kept();
    expect(await taken).toBe(1);
    for (const host of hosts) await host.stop();
  });

  it(
    'is not mixed with one that the test keeps by itself',
    marbleTest(async ({ host }) => {
      await host.start(desk('test', []));
      expect(() => host('b')).toThrow(
        expect.objectContaining({ code: 'bad-option', message: expect.stringContaining("host('b')") }),
      );
    }),
  );
});

describe('a durable publish of a singleton', () => {
  it(
    'is refused at once on a host that was stopped for longer than its lease',
    marbleTest(
      async ({ host, network, clock }) => {
        const seen: Seen[] = [];
        const errors: string[] = [];
        host('a').errors$.subscribe(({ code }) => errors.push(code));
        await host('c').start(desk('c', seen));
        for (const name of ['a', 'b']) await host(name).start(shop('shop', true));
        await clock.sleep('3500ms');
        network.stall('a', '20s');
        await clock.sleep('30s');
        expect(errors).toContain('lease-lost');
        const stale = seen.filter(({ id }) => id?.startsWith('a-'));
        expect(stale.length).toBe(3);
        expect(seen.length).toBeGreaterThan(15);
      },
      { network: { latency: '10ms' } },
    ),
  );

  it(
    'is refused by the servers where it comes behind one of a later lease, and tells so',
    marbleTest(
      async ({ host, network, clock }) => {
        const codes: string[] = [];
        const seen: Seen[] = [];
        host('a').errors$.subscribe(({ code }) => codes.push(code));
        await host('c').start(desk('c', seen));
        await host('a').start(shop('shop', true));
        await host('b').start(shop('shop', true));
        // What it says while it is cut off is sent again and again, and arrives when another host has said more.
        await clock.sleep('10500ms');
        network.partition('a', 'servers');
        await clock.sleep('15s');
        network.heal();
        await clock.sleep('60s');
        expect(codes).toContain('lease-lost');
        const senders = seen.map(({ id }) => id!.charAt(0));
        expect(senders.join('')).toMatch(/^a+b+$/);
      },
      { network: { latency: '10ms' } },
    ),
  );
});
