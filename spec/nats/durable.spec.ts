import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createHost, defineAgent, type Host, memoryStore, silentLog, topic } from 'rx-agent-kit';
import { natsBus, type NatsBusOptions } from 'rx-agent-kit/nats';
import { map } from 'rxjs';
import { z } from 'zod';
import { bundled } from '../support/bundled';
import { describeWithServer, NatsServer } from './support/natsServer';

const order = topic('orders/:shop/:id', z.number(), { durable: true });

/** Publishes so many orders, of so many shops in turn. */
const shop = defineAgent({
  name: 'shop',
  config: z.object({ from: z.number().default(1), count: z.number(), shops: z.number().default(1) }),
  streams: ({ lifecycle, bus, config }) => ({
    placed$: lifecycle.start$.pipe(
      map(() => {
        const { from, count, shops } = config;
        for (let n = from; n < from + count; n++)
          bus.publish(order.at({ shop: `s${n % shops}`, id: 'all' }), n);
      }),
    ),
  }),
});

interface Seen {
  readonly value: number;
  readonly id: string | undefined;
  readonly shop: string;
}

/** Takes orders under a name; `work` is what it does with each. */
const desk = (
  seen: Seen[],
  work: (value: number) => unknown = () => undefined,
  name = 'desk',
  wait = false,
) =>
  defineAgent({
    name,
    stopTimeout: '100ms',
    streams: ({ bus, handle }) => ({
      taken$: bus.messages(order, { durable: name }).pipe(
        handle.merge(async ({ payload: value, origin, params }) => {
          seen.push({ value, id: origin?.id, shop: params.shop });
          if (wait) await new Promise(() => {});
          await work(value);
          return value;
        }),
      ),
    }),
  });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, n) => from + n);
const values = (seen: readonly Seen[]) => seen.map(({ value }) => value);

describe('A durable topic', () => {
  it('is refused where the bus keeps nothing, with the line to write', async () => {
    const host = createHost({ log: silentLog });
    await expect(host.start(desk([]))).rejects.toMatchObject({
      code: 'bus-unsupported',
      message: expect.stringContaining('natsBus('),
    });
    await host.stop();
  });

  it('is what a name is for: a plain one takes none', async () => {
    const host = createHost({ log: silentLog });
    const plain = topic('plain', z.number());
    const agent = defineAgent({
      name: 'a',
      streams: ({ bus }) => ({ x$: bus.messages(plain, { durable: 'x' }) }),
    });
    await expect(host.start(agent)).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringContaining('{ durable: true }'),
    });
    await host.stop();
  });
});

describeWithServer('Durable topics over NATS', () => {
  let server: NatsServer;
  let raw: NatsConnection;
  let farms = 0;
  let prefix = '';
  const hosts: Host[] = [];
  const children: ChildProcess[] = [];
  const crasher = bundled('spec/nats/support/crasher.ts');

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  beforeEach(async () => {
    await server.start();
    prefix = `durable${++farms}`;
    raw = await connect({ servers: server.url });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const host of hosts.splice(0)) await host.stop();
    await raw.close();
  });
  afterAll(() => server.stop());

  /** Resolves when the server knows so many names under which messages are taken. */
  async function known(count: number): Promise<void> {
    const manager = await jetstreamManager(raw);
    for (;;) {
      let names = 0;
      for await (const { config, state } of manager.streams.list())
        if (config.name.startsWith(`${prefix}-`)) names += state.consumer_count;
      if (names >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  function host(
    name: string,
    options: Partial<NatsBusOptions> = {},
    more: Parameters<typeof createHost>[0] = {},
  ): Host {
    const bus = natsBus({
      servers: server.url,
      prefix,
      redelivery: { from: '20ms', to: '100ms' },
      ...options,
    });
    const made = createHost({ name, bus, log: silentLog, ...more });
    hosts.push(made);
    return made;
  }

  it('brings each message to each name, in the order of its topic, with the id that it was published with', async () => {
    const [one, two] = [[] as Seen[], [] as Seen[]];
    await host('a').start(desk(one));
    await host('b').start(desk(two, undefined, 'audit'));
    await known(2);
    const publisher = host('c');
    await publisher.start(shop, { count: 300, shops: 3 });
    await publisher.kept();
    await until(() => one.length >= 300 && two.length >= 300);
    for (const seen of [one, two]) {
      expect(values(seen).sort((a, b) => a - b)).toEqual(numbers(300));
      for (const name of ['s0', 's1', 's2']) {
        const own = values(seen.filter((each) => each.shop === name));
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
    expect(new Set(one.map(({ id }) => id)).size).toBe(300);
    expect(new Set(one.map(({ id }) => id))).toEqual(new Set(two.map(({ id }) => id)));
  });

  it('keeps what is published while nobody takes it, once the name is known', async () => {
    const seen: Seen[] = [];
    const first = host('a');
    await first.start(desk(seen));
    await known(1);
    const publisher = host('c');
    await publisher.start(shop, { count: 1 });
    await until(() => seen.length === 1);
    await first.stop();
    await publisher.agents.get('shop')?.stop();
    await publisher.start(shop, { from: 2, count: 50 });
    await publisher.kept();
    await host('a2').start(desk(seen));
    await until(() => seen.length >= 51);
    expect(values(seen)).toEqual(numbers(51));
  });

  it('brings a message again whose handler has failed, before those behind it, with the same id', async () => {
    const seen: Seen[] = [];
    let failures = 2;
    await host('a').start(
      desk(seen, (value) => {
        if (value === 2 && failures-- > 0) throw new Error('not yet');
      }),
    );
    await known(1);
    await host('c').start(shop, { count: 4 });
    await until(() => seen.length >= 6);
    expect(values(seen)).toEqual([1, 2, 2, 2, 3, 4]);
    expect(new Set(seen.filter(({ value }) => value === 2).map(({ id }) => id)).size).toBe(1);
  });

  it('puts a message away as dead that has failed too often, says so, and goes on with the next', async () => {
    const seen: Seen[] = [];
    const dead = raw.subscribe(`_rx.dead.${prefix}.>`, { max: 1 });
    await raw.flush();
    const one = host('a', { maxDeliver: 3 });
    const codes: string[] = [];
    one.errors$.subscribe(({ code }) => codes.push(code));
    await one.start(
      desk(seen, (value) => {
        if (value === 1) throw new Error('never');
      }),
    );
    await known(1);
    await host('c').start(shop, { count: 2 });
    await until(() => seen.length >= 4 && codes.includes('message-dead'));
    expect(values(seen)).toEqual([1, 1, 1, 2]);
    for await (const message of dead) {
      expect(message.subject).toBe(`_rx.dead.${prefix}.${prefix}.orders.s0.all`);
      expect(message.json()).toBe(1);
      expect(message.headers?.get('Rx-Id')).toBe(seen[0]?.id);
      expect(message.headers?.get('Rx-Taker')).toBe('desk');
      expect(message.headers?.get('Rx-Attempts')).toBe('3');
      expect(message.headers?.get('Rx-Error')).toContain('never');
    }
  });

  it('shares the messages of a name among the hosts that bear it, and brings those of a stopped one to the other', async () => {
    const [one, two] = [[] as Seen[], [] as Seen[]];
    const slow = () => new Promise((resolve) => setTimeout(resolve, 2));
    const first = host('a');
    await first.start(desk(one, slow));
    await host('b').start(desk(two, slow));
    await known(1);
    await host('c').start(shop, { count: 400, shops: 40 });
    await until(() => one.length > 20 && two.length > 20);
    await first.stop();
    await until(() => new Set(values([...one, ...two])).size === 400);
    const ids = [...one, ...two].map(({ id }) => id);
    // What it had begun with when it stopped may come twice.
    expect(ids.length - new Set(ids).size).toBeLessThan(60);
  });

  it('reaches those who are subscribed without a name, too, and takes what a raw client has put into the stream', async () => {
    const seen: Seen[] = [];
    const one = host('a');
    await one.start(desk(seen));
    const plain: number[] = [];
    one.outputs$.subscribe(({ agent, value }) => {
      if (agent === 'plain') plain.push(value as number);
    });
    await one.start(
      defineAgent({
        name: 'plain',
        streams: ({ bus }) => ({ heard$: bus.messages(order).pipe(map(({ payload }) => payload)) }),
      }),
    );
    await known(1);
    await host('c').start(shop, { count: 2 });
    await until(() => seen.length === 2 && plain.length === 2);
    await raw.request(`${prefix}.orders.s9.all`, '9');
    await until(() => seen.length === 3 && plain.length === 3);
    expect([values(seen), plain]).toEqual([
      [1, 2, 9],
      [1, 2, 9],
    ]);
  });

  it('is done with a message when what a durable handler keeps of it is kept', async () => {
    const seen: number[] = [];
    const store = memoryStore();
    const books = defineAgent({
      name: 'books',
      stopTimeout: '50ms',
      streams: ({ bus, handle }) => ({
        booked$: bus.messages(order, { durable: 'books' }).pipe(
          map(({ payload }) => payload),
          handle.concat(
            async (value, { sleep }) => {
              seen.push(value);
              if (seen.length === 1) await sleep('1h');
              return value;
            },
            { durable: 'orders' },
          ),
        ),
      }),
    });
    const first = host('a', {}, { store });
    await first.start(books);
    await known(1);
    const publisher = host('c');
    await publisher.start(shop, { count: 3 });
    await publisher.kept();
    await until(() => seen.length === 1);
    const info = async () => {
      const manager = await jetstreamManager(raw);
      for await (const stream of manager.streams.list())
        if (stream.config.subjects[0] === `${prefix}.orders.*.*`) return stream.state.messages;
      return -1;
    };
    while ((await info()) !== 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen).toEqual([1]);
    await first.stop();
    await host('a', {}, { store }).start(books);
    await until(() => seen.length >= 4);
    expect(seen).toEqual([1, 1, 2, 3]);
  });

  it('loses nothing when the server is killed in mid-stream and comes back', async () => {
    const seen: Seen[] = [];
    await host('a').start(desk(seen));
    await known(1);
    const publisher = host('c');
    const lost: unknown[] = [];
    publisher.errors$.subscribe((error) => lost.push(error));
    let from = 1;
    for (let round = 0; round < 3; round++) {
      await publisher.start(shop, { from, count: 500, shops: 7 });
      from += 500;
      const before = seen.length;
      await until(() => seen.length > before + 50);
      await server.kill();
      await publisher.agents.get('shop')?.stop();
      await server.start();
    }
    await publisher.kept();
    await until(() => new Set(values(seen)).size === 1500);
    const ids = seen.map(({ id }) => id);
    console.log(
      `published 1500, handled ${seen.length}, again ${ids.length - new Set(ids).size}, refused ${lost.length}`,
    );
    expect(lost).toEqual([]);
    expect(new Set(ids).size).toBe(1500);
    // A server that is killed forgets what it was told last; the host that has dealt with it does not.
    expect(ids).toHaveLength(1500);
  });

  it('brings to another host what one had that was killed', async () => {
    const seen: Seen[] = [];
    const child = spawn(process.execPath, [crasher, server.url, prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let holding = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (holding += text));
    await until(() => holding.includes('ready'));
    const publisher = host('c');
    await publisher.start(shop, { count: 20, shops: 20 });
    await publisher.kept();
    await until(() => holding.split('\n').filter((line) => line.startsWith('holds')).length === 20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await host('a').start(desk(seen));
    await until(() => new Set(values(seen)).size === 20);
    expect(values(seen).sort((a, b) => a - b)).toEqual(numbers(20));
  });
});
