import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { natsBus, type NatsBusOptions } from 'rx-agent-kit/nats';
import { ask, becomes, connected, messagesOf, settled } from './support/onBus';
import { describeWithServer, NatsServer } from './support/natsServer';

describeWithServer('natsBus over a server', () => {
  let server: NatsServer;
  let raw: NatsConnection;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  beforeEach(async () => {
    await server.start();
    raw = await connect({ servers: server.url });
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await raw.close();
  });
  afterAll(() => server.stop());

  async function host(name: string, options: NatsBusOptions = {}) {
    const bus = natsBus({ servers: server.url, ...options });
    ends.push(() => bus.close());
    return connected(bus, name);
  }

  describe('beside raw clients', () => {
    it('publishes what they read: a subject, JSON, and headers for id, sender, instant and trace parent', async () => {
      const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const { bus } = await host('site a', { traceParent: () => traceParent });
      const subscription = raw.subscribe('devices.b1.u7', { max: 2 });
      await raw.flush();
      const before = Date.now();
      bus.publish('devices/b1/u7', { celsius: 21 }, false);
      bus.publish('devices/b1/u7', { celsius: 22 }, false);
      const ids = new Set<string>();
      for await (const message of subscription) {
        expect(message.json()).toMatchObject({ celsius: expect.any(Number) });
        ids.add(message.headers?.get('Nats-Msg-Id') ?? '');
        expect(message.headers?.get('Rx-Sender')).toBe('site a');
        expect(Number(message.headers?.get('Rx-At'))).toBeGreaterThanOrEqual(before - 1000);
        expect(message.headers?.get('traceparent')).toBe(traceParent);
      }
      expect(ids.size).toBe(2);
    });

    it('gives the headers of others to whoever listens, and does without them', async () => {
      const { bus } = await host('a');
      const seen = messagesOf(bus, 'data', 2);
      await settled(bus);
      const head = headers();
      head.set('Nats-Msg-Id', 'id 1');
      head.set('traceparent', '00-ab-cd-01');
      raw.publish('data', '1', { headers: head });
      raw.publish('data', '2');
      const [first, second] = await seen;
      expect(first).toMatchObject({ payload: 1, origin: { id: 'id 1', traceParent: '00-ab-cd-01' } });
      expect(second).toMatchObject({ payload: 2, origin: { id: undefined, sender: undefined } });
    });

    it('says of what is no JSON that it cannot be read', async () => {
      const { bus, errors } = await host('a');
      const seen = messagesOf(bus, 'data', 3);
      await settled(bus);
      raw.publish('data', '{"celsius":');
      raw.publish('data', `${'['.repeat(5000)}${']'.repeat(5000)}`);
      raw.publish('data', '{"__proto__":{"x":1}}');
      const [broken, deep, proto] = await seen;
      expect(broken).toMatchObject({ payload: undefined, unreadable: { code: 'bad-message' } });
      expect(deep).toMatchObject({ payload: undefined, unreadable: { code: 'message-too-large' } });
      expect(Object.keys(proto?.payload as object)).toEqual(['__proto__']);
      expect(errors).toEqual([]);
    });

    it('gives all listeners one payload that none can change', async () => {
      const { bus } = await host('a');
      const seen = [messagesOf(bus, 'data', 1), messagesOf(bus, 'data', 1)];
      await settled(bus);
      bus.publish('data', { list: [{ deep: 1 }] }, false);
      const [one, two] = (await Promise.all(seen)).map(([message]) => message?.payload);
      expect(one).toBe(two);
      const { list } = one as unknown as { list: { deep: number }[] };
      expect(() => (list[0]!.deep = 2)).toThrow(TypeError);
    });

    it('takes neither calls nor what is the server’s own for messages, whatever it listens to', async () => {
      const { bus } = await host('a');
      const other = await host('b');
      const topics: string[] = [];
      bus.subscribe('*', ({ topic }) => topics.push(topic));
      other.bus.serve('site/setpoint', (_payload, answer) => {
        answer({ isOk: true, payload: null });
        return () => {};
      });
      await settled(other.bus);
      await settled(bus);
      await ask(other.bus, 'site/setpoint');
      bus.publish('state/a', 1, true);
      await settled(bus);
      expect(topics.filter((topic) => !topic.startsWith('settled'))).toEqual(['state/a']);
    });

    it('serves a raw client, and calls one', async () => {
      const { bus } = await host('a');
      bus.serve('site/double', (payload, answer) => {
        if (typeof payload === 'number') answer({ isOk: true, payload: payload * 2 });
        else answer({ isOk: false, code: 'not-a-number', message: 'in two\nlines: ü' });
        return () => {};
      });
      await settled(bus);
      expect((await raw.request('site.double', '21')).json()).toBe(42);
      const refused = await raw.request('site.double', '"x"');
      expect(refused.headers?.get('Nats-Service-Error-Code')).toBe('not-a-number');
      expect(refused.json()).toEqual({ code: 'not-a-number', message: 'in two\nlines: ü' });
      const broken = await raw.request('site.double', '{');
      expect(broken.headers?.get('Nats-Service-Error-Code')).toBe('bad-message');

      raw.subscribe('raw.*', {
        callback: (_error, message) => {
          const head = headers();
          head.set('Nats-Service-Error-Code', '404');
          head.set('Nats-Service-Error', 'no such thing');
          if (message.subject === 'raw.fails') message.respond('', { headers: head });
          else message.respond(message.subject === 'raw.broken' ? 'x' : message.data);
        },
      });
      await raw.flush();
      expect(await ask(bus, 'raw/echo', [1])).toEqual({ isOk: true, payload: [1] });
      expect(await ask(bus, 'raw/fails')).toEqual({ isOk: false, code: '404', message: 'no such thing' });
      expect(await ask(bus, 'raw/broken')).toMatchObject({ isOk: false, code: 'bad-message' });
    });

    it('is listed with what it serves as a micro service, as long as it serves something', async () => {
      const { bus } = await host('site a');
      await expect(raw.request('$SRV.PING')).rejects.toThrow();
      const end = bus.serve('site/fails', (_payload, answer) => {
        answer({ isOk: false, code: 'too-hot', message: 'no' });
        return () => {};
      });
      await ask(bus, 'site/fails');
      const { name, id, type } = (await raw.request('$SRV.PING')).json<Record<string, string>>();
      expect({ name, type }).toEqual({ name: 'site_a', type: 'io.nats.micro.v1.ping_response' });
      expect((await raw.request(`$SRV.INFO.site_a.${id}`)).json()).toMatchObject({
        type: 'io.nats.micro.v1.info_response',
        endpoints: [{ name: 'site_fails', subject: 'site.fails', queue_group: 'q' }],
      });
      expect((await raw.request('$SRV.STATS.site_a')).json()).toMatchObject({
        type: 'io.nats.micro.v1.stats_response',
        endpoints: [{ num_requests: 1, num_errors: 1, last_error: 'too-hot: no' }],
      });
      end();
      await settled(bus);
      await expect(raw.request('$SRV.PING')).rejects.toThrow();
    });

    it('keeps what is retained in a bucket that others can read', async () => {
      const { bus } = await host('a', { prefix: 'bucket' });
      bus.publish('state/büro.1', 'on', true);
      await settled(bus);
      const { Kvm } = await import('@nats-io/kv');
      const bucket = await new Kvm(raw).open('bucket-retained');
      const keys: string[] = [];
      for await (const key of await bucket.keys()) keys.push(key);
      expect(keys).toEqual(['state.b=C3=BCro=2E1']);
      expect((await bucket.get(keys[0]!))?.json()).toBe('on');
      const other = await host('b', { prefix: 'bucket' });
      const [message] = await messagesOf(other.bus, 'state/büro.1', 1);
      expect(message).toMatchObject({ topic: 'state/büro.1', payload: 'on', origin: { sender: 'a' } });
      await bucket.delete(keys[0]!);
      const late: unknown[] = [];
      other.bus.subscribe('state/*', (deleted) => late.push(deleted));
      await settled(other.bus);
      expect(late).toEqual([]);
    });

    it('asks the server once, and not for each, whether anything is retained of what many listen to', async () => {
      const asked: string[] = [];
      const hasAsked = new Promise<void>((resolve) => {
        raw.subscribe('$JS.API.STREAM.>', {
          callback: (_error, { subject }) => {
            asked.push(subject);
            resolve();
          },
        });
      });
      await raw.flush();
      const { bus } = await host('a', { prefix: 'many' });
      const listen = (): Promise<unknown> => {
        for (let n = 0; n < 100; n++) bus.subscribe(`devices/${n}`, () => undefined);
        return messagesOf(bus, 'states/9', 1);
      };
      void listen();
      await hasAsked;
      await raw.flush();
      expect(asked).toEqual(['$JS.API.STREAM.INFO.KV_many-retained']);
      bus.publish('states/9', 'on', true);
      await settled(bus);
      expect(await listen()).toMatchObject([{ payload: 'on' }]);
    });
  });

  describe('with several hosts', () => {
    it('brings each message to each of them once, in the order of its sender', async () => {
      const hosts = await Promise.all(['a', 'b', 'c'].map((name) => host(name)));
      const seen = hosts.map(({ bus }) => messagesOf(bus, 'data/*', 300));
      await Promise.all(hosts.map(({ bus }) => settled(bus)));
      for (let n = 0; n < 100; n++)
        for (const [index, { bus }] of hosts.entries()) bus.publish(`data/${index}/${n % 3}`, n, false);
      for (const messages of await Promise.all(seen))
        for (const sender of ['0', '1', '2']) {
          const own = messages.filter(({ topic }) => topic.split('/')[1] === sender);
          expect(own.map(({ payload }) => payload)).toEqual(Array.from({ length: 100 }, (_, n) => n));
        }
    });

    it('shares the calls of a procedure among those who serve it', async () => {
      const [caller, ...servers] = await Promise.all(['a', 'b', 'c'].map((name) => host(name)));
      const counts = servers.map(() => 0);
      for (const [index, { bus }] of servers.entries()) {
        bus.serve('work', (_payload, answer) => {
          counts[index]!++;
          answer({ isOk: true, payload: null });
          return () => {};
        });
        await settled(bus);
      }
      await Promise.all(Array.from({ length: 200 }, () => ask(caller!.bus, 'work')));
      expect(counts[0]! + counts[1]!).toBe(200);
      expect(Math.min(...counts)).toBeGreaterThan(20);
    });

    it('calls off at whichever host has taken the call', async () => {
      const [caller, ...servers] = await Promise.all(['a', 'b', 'c'].map((name) => host(name)));
      let isCalledOff = () => {};
      const calledOff = new Promise<void>((resolve) => (isCalledOff = resolve));
      let isTaken = () => {};
      const taken = new Promise<void>((resolve) => (isTaken = resolve));
      for (const { bus } of servers) {
        bus.serve('slow', () => {
          isTaken();
          return isCalledOff;
        });
        await settled(bus);
      }
      const callOff = caller!.bus.request('slow', null, () => {});
      await taken;
      callOff();
      await calledOff;
    });

    it('gives the answer of each of many calls to whoever has asked', async () => {
      const [{ bus }, other] = [await host('a'), await host('b')];
      other.bus.serve('echo', (payload, answer) => {
        answer({ isOk: true, payload });
        return () => {};
      });
      await settled(other.bus);
      const replies = await Promise.all(Array.from({ length: 1000 }, (_, n) => ask(bus, 'echo', n)));
      expect(replies.map((reply) => reply.isOk && reply.payload)).toEqual(
        Array.from({ length: 1000 }, (_, n) => n),
      );
    });
  });

  describe('while the connection is away', () => {
    it('keeps what is published up to the bound, refuses what is beyond, and sends it in order', async () => {
      const { bus } = await host('a', { buffer: 3 });
      const seen = messagesOf(bus, 'data', 4);
      await settled(bus);
      await server.kill();
      await becomes(bus, 'connecting');
      for (const n of [1, 2, 3]) bus.publish('data', n, false);
      expect(() => bus.publish('data', 4, false)).toThrow(
        expect.objectContaining({ code: 'bus-disconnected', message: expect.stringContaining('3 messages') }),
      );
      expect(() => bus.request('data', 4, () => {})).toThrow(
        expect.objectContaining({ code: 'bus-disconnected' }),
      );
      await server.start();
      await becomes(bus, 'connected');
      bus.publish('data', 5, false);
      expect((await seen).map(({ payload }) => payload)).toEqual([1, 2, 3, 5]);
    });

    it('keeps 8 MiB at most', async () => {
      const { bus } = await host('a');
      await server.kill();
      await becomes(bus, 'connecting');
      let kept = 0;
      expect(() => {
        for (; kept < 20; kept++) bus.publish('data', 'x'.repeat(900_000), false);
      }).toThrow(expect.objectContaining({ code: 'bus-disconnected' }));
      expect(kept).toBe(9);
      await bus.close();
      expect(() => bus.publish('data', 1, false)).toThrow(
        expect.objectContaining({ code: 'bus-disconnected' }),
      );
    });

    it('retains what is published when it is back', async () => {
      const { bus } = await host('a', { prefix: 'away' });
      bus.publish('state', 1, true);
      await settled(bus);
      await server.kill();
      await becomes(bus, 'connecting');
      bus.publish('state', 2, true);
      await server.start();
      await becomes(bus, 'connected');
      await settled(bus);
      const other = await host('b', { prefix: 'away' });
      expect(await messagesOf(other.bus, 'state', 1)).toMatchObject([{ payload: 2 }]);
    });

    it('subscribes to what was asked for meanwhile', async () => {
      const { bus } = await host('a');
      const before = messagesOf(bus, 'data', 1);
      await settled(bus);
      await server.kill();
      await becomes(bus, 'connecting');
      const meanwhile = messagesOf(bus, 'data', 1);
      const anew = messagesOf(bus, 'other', 1);
      await server.start();
      await becomes(bus, 'connected');
      bus.publish('data', 1, false);
      bus.publish('other', 2, false);
      expect((await Promise.all([before, meanwhile, anew])).flat().map(({ payload }) => payload)).toEqual([
        1, 1, 2,
      ]);
    });
  });

  describe('close', () => {
    it('lets the calls settle that have been taken, and takes no others', async () => {
      const [serving, caller] = [await host('a'), await host('b')];
      let taken = () => {};
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      let finish = () => {};
      serving.bus.serve('slow', (_payload, answer) => {
        finish = () => answer({ isOk: true, payload: 'done' });
        taken();
        return () => {};
      });
      await settled(serving.bus);
      const reply = ask(caller.bus, 'slow');
      await isTaken;
      const closed = serving.bus.close();
      await settled(serving.bus).catch(() => undefined);
      expect(await ask(caller.bus, 'slow')).toMatchObject({ isOk: false, code: 'unreachable' });
      finish();
      expect(await reply).toEqual({ isOk: true, payload: 'done' });
      await closed;
    });

    it('brings what has just been published', async () => {
      const [{ bus }, other] = [await host('a'), await host('b')];
      const seen = messagesOf(other.bus, 'data', 100);
      await settled(other.bus);
      for (let n = 0; n < 100; n++) bus.publish('data', n, false);
      await bus.close();
      expect(await seen).toHaveLength(100);
    });

    it('waits no longer than it is told for calls that do not settle', async () => {
      const { bus } = await host('a', { drainTimeout: '50ms' });
      let taken = () => {};
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      bus.serve('never', () => {
        taken();
        return () => {};
      });
      const reply = ask(bus, 'never');
      await isTaken;
      await bus.close();
      expect(await reply).toMatchObject({ isOk: false, code: 'bus-disconnected' });
    });
  });

  it('tells of a payload that is larger than the server takes', async () => {
    const { bus } = await host('a');
    expect(() => bus.publish('data', 'ü'.repeat(700_000), false)).toThrow(
      expect.objectContaining({ code: 'message-too-large', message: expect.stringContaining('max_payload') }),
    );
  });
});
