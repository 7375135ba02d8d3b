import {
  createHost,
  defineAgent,
  type Host,
  liveClock,
  type OpenStore,
  Scheduler,
  silentLog,
} from 'rx-agent-kit';
import { natsStore } from 'rx-agent-kit/nats';
import { connect } from '@nats-io/transport-node';
import { filter, firstValueFrom, Subject } from 'rxjs';
import { z } from 'zod';
import { FaultyWay } from './support/faultyWay';
import { describeWithServer, NatsServer } from './support/natsServer';

type Batch = Parameters<OpenStore['commit']>[0];

describeWithServer('natsStore', () => {
  const context = { scheduler: new Scheduler(liveClock()) };
  const ends: (() => Promise<unknown>)[] = [];
  let server: NatsServer;
  let farms = 0;
  let prefix: string;

  beforeAll(async () => {
    server = await NatsServer.start();
  });

  beforeEach(async () => {
    await server.start();
    prefix = `farm${++farms}`;
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  afterAll(() => server.stop());

  const store = (servers = server.url) => natsStore({ servers, prefix, pingInterval: '1s' });

  async function open(host = 'host', on = store()): Promise<OpenStore> {
    const opened = await on.open(host, context);
    ends.push(() => opened.close());
    return opened;
  }

  /** As a host does it: the same batch again, until it is taken. Says how often that was. */
  async function commit(opened: OpenStore, batch: Batch): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        await opened.commit(batch);
        return tries;
      } catch (error) {
        if ((error as { code?: string }).code === 'store-fenced') throw error;
        await new Promise((resolve) => context.scheduler.schedule(resolve, 50));
      }
    }
  }

  async function messages(): Promise<number> {
    const client = await connect({ servers: server.url });
    const reply = await client.request(`$JS.API.STREAM.INFO.${prefix}-store`);
    await client.close();
    return reply.json<{ state: { messages: number } }>().state.messages;
  }

  it('loses nothing that it has kept when the server is killed in the midst of commits, time and again', async () => {
    const opened = await open();
    const kept: number[] = [];
    const kills = { left: 4 };
    const writing = (async () => {
      for (let n = 1; kills.left > 0; n++) {
        await commit(opened, [
          ['last', n],
          [`n/${n}`, n],
        ]);
        kept.push(n);
      }
    })();
    for (; kills.left > 0; kills.left--) {
      const before = kept.length;
      while (kept.length < before + 50) await new Promise(setImmediate);
      await server.kill();
      await server.start();
    }
    await writing;
    const entries = await store().entries('host');
    expect(entries.get('last')).toBe(kept.length);
    expect(kept.filter((n) => entries.get(`n/${n}`) !== n)).toEqual([]);
    expect(entries.size).toBe(kept.length + 1);
  });

  it('writes a batch once when only the answer is lost', async () => {
    const way = await FaultyWay.to(server.port);
    ends.push(() => way.close());
    const opened = await open('host', store(way.url));
    await opened.commit([['a', 1]]);
    way.cutBehind('Rx-Record: 2');
    expect(await commit(opened, [['b', 1]])).toBeGreaterThan(1);
    await opened.commit([['c', 1]]);
    expect(way.cuts).toBe(1);
    // The opening, and three batches.
    expect(await messages()).toBe(4);
    expect((await store().entries('host')).size).toBe(3);
  });

  it('is refused behind a lost answer, too, when another one has opened it meanwhile', async () => {
    const way = await FaultyWay.to(server.port);
    ends.push(() => way.close());
    const opened = await open('host', store(way.url));
    way.cutBehind('Rx-Record: 1');
    await expect(opened.commit([['a', 1]])).rejects.toMatchObject({ code: 'bus-failed' });
    const other = await open('host');
    expect([...other.read()]).toEqual([['a', 1]]);
    await other.commit([['a', 2]]);
    await expect(commit(opened, [['a', 1]])).rejects.toMatchObject({ code: 'store-fenced' });
    expect(await store().entries('host')).toEqual(new Map([['a', 2]]));
  });

  it('takes nothing of a batch of several messages that broke off', async () => {
    const way = await FaultyWay.to(server.port);
    ends.push(() => way.close());
    const opened = await open('host', store(way.url));
    await opened.commit([['a', 1]]);
    way.cutBehind('Rx-Part: 2/5');
    const large: Batch = [
      ['a', 2],
      ['large', 'x'.repeat(1_200_000)],
    ];
    await expect(opened.commit(large)).rejects.toMatchObject({ code: 'bus-failed' });
    expect(await store().entries('host')).toEqual(new Map([['a', 1]]));
    await commit(opened, large);
    const entries = await store().entries('host');
    expect(entries).toEqual(new Map<string, unknown>(large));
    const again = await open();
    await again.commit([['b', 1]]);
    expect((await store().entries('host')).size).toBe(3);
  });

  it('forgets what is written over', async () => {
    const opened = await open();
    const text = 'x'.repeat(20_000);
    await opened.commit([['first', 1]]);
    for (let n = 0; n < 500; n++) await opened.commit([[`key/${n % 5}`, `${n} ${text}`]]);
    expect(await messages()).toBeLessThan(120);
    await opened.commit([['key/0', undefined]]);
    const again = await open();
    expect([...again.read()].map(([key]) => key).sort()).toEqual([
      'first',
      'key/1',
      'key/2',
      'key/3',
      'key/4',
    ]);
  });

  it('tells of what is kept, by host', async () => {
    await (await open('a/b')).commit([['x', { n: 1 }]]);
    await (await open('c.d *>')).commit([['y', 2]]);
    expect(await store().hosts()).toEqual(['a/b', 'c.d *>']);
    expect(await store().entries('a/b')).toEqual(new Map([['x', { n: 1 }]]));
    expect(await store().entries('nobody')).toEqual(new Map());
    expect(await natsStore({ servers: server.url, prefix: 'empty' }).hosts()).toEqual([]);
  });

  it('rejects where nobody answers, where there is no JetStream, and opens later on', async () => {
    const absent = natsStore({ servers: 'nats://127.0.0.1:1', connectTimeout: '100ms' });
    await expect(absent.open('host', context)).rejects.toMatchObject({ code: 'bus-failed' });
    const plain = await NatsServer.start('', { jetstream: false });
    ends.push(() => plain.stop());
    await expect(natsStore({ servers: plain.url }).open('host', context)).rejects.toMatchObject({
      code: 'bus-unsupported',
      message: expect.stringMatching(/natsStore needs JetStream/),
    });
    const late = natsStore({ servers: server.url, prefix, connectTimeout: '300ms' });
    await server.kill();
    await expect(late.open('host', context)).rejects.toMatchObject({ code: 'bus-failed' });
    await server.start();
    await open('host', late);
  });

  it.each([[{ servers: 'http://x' }], [{ replicas: 0 }], [{ buffer: 1 }]])('refuses %j', (options) => {
    expect(() => natsStore(options as never)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  describe('of a host', () => {
    const orders$ = new Subject<number>();

    function machine(begun: number[], work: (order: number) => Promise<void>): Host {
      const host = createHost({ name: 'site', store: store(), log: silentLog });
      ends.push(() => host.stop());
      const agent = defineAgent({
        name: 'orders',
        state: z.object({ done: z.array(z.number()).default([]) }),
        streams: ({ handle, state }) => ({
          done$: orders$.pipe(
            handle.concat(
              async (order: number) => {
                begun.push(order);
                await work(order);
                state.update(({ done }) => ({ done: [...done, order] }));
                return order;
              },
              { durable: 'orders' },
            ),
          ),
        }),
      });
      void host.start(agent);
      return host;
    }

    it('lets another machine carry on with the jobs of one that stands still, whose last word counts no more', async () => {
      const [here, there]: [number[], number[]] = [[], []];
      let goOn = (): void => {};
      const standstill = new Promise<void>((resolve) => (goOn = resolve));
      const one = machine(here, (order) => (order === 2 ? standstill : Promise.resolve()));
      await firstValueFrom(one.agents.get('orders')!.state$.pipe(filter((state) => state === 'ready')));
      for (const order of [1, 2, 3]) orders$.next(order);
      await one.kept();
      while (here.length < 2) await new Promise(setImmediate);
      await one.kept();
      const fenced = firstValueFrom(one.errors$.pipe(filter(({ code }) => code === 'store-fenced')));
      const other = machine(there, () => Promise.resolve());
      while (there.length < 2) await new Promise(setImmediate);
      goOn();
      await fenced;
      expect(there).toEqual([2, 3]);
      await other.kept();
      expect(JSON.stringify([...(await store().entries('site'))])).toContain('"done":[1,2,3]');
    });
  });
});
