import { Kvm, type KV } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type ConfiguredHost, createHost, defineAgent, silentLog } from 'rx-agent-kit';
import { natsConfigs } from 'rx-agent-kit/nats';
import { filter, firstValueFrom, map } from 'rxjs';
import { z } from 'zod';
import { describeWithServer, NatsServer } from './support/natsServer';

describeWithServer('natsConfigs', () => {
  let server: NatsServer;
  let client: NatsConnection;
  let kv: KV;
  let host: ConfiguredHost | undefined;

  beforeEach(async () => {
    server = await NatsServer.start();
    client = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    kv = await new Kvm(client).create('rx-configs');
  });

  afterEach(async () => {
    await host?.stop();
    host = undefined;
    await client.close();
    await server.stop();
  });

  const meter = defineAgent({
    name: 'meter',
    config: z.object({ rate: z.number() }),
    streams: ({ config$ }) => ({ rate$: config$.pipe(map(({ rate }) => rate)) }),
  });

  const load = () => natsConfigs({ servers: server.url, pingInterval: '1s' });

  async function started() {
    host = createHost({ configs: await load(), log: silentLog });
    const rates: unknown[] = [];
    host.outputs$.subscribe(({ value }) => rates.push(value));
    const agent = await host.start(meter);
    const rate = (wanted: number) =>
      rates.includes(wanted)
        ? Promise.resolve()
        : firstValueFrom(host!.outputs$.pipe(filter(({ value }) => value === wanted)));
    const error = () => firstValueFrom(host!.errors$);
    return { agent, rates, rate, error };
  }

  it('is empty at first, and leaves nothing open behind the loading', async () => {
    const configs = await load();
    expect([configs.sections(), configs.read('meter')]).toEqual([[], undefined]);
    expect(configs.origin).toBe('the bucket rx-configs');
  });

  it('starts agents with what stands under their names, whatever these are', async () => {
    await kv.put('meter', '{ "rate": 3 }');
    await kv.put('a=2Eb', 'null');
    await kv.put('gone', '1');
    await kv.delete('gone');
    const { rates } = await started();
    expect(rates).toEqual([3]);
    expect([...host!.configs!.sections()].sort()).toEqual(['a.b', 'meter']);
  });

  it('makes the bucket where there is none', async () => {
    const configs = await natsConfigs({ servers: server.url, bucket: 'others' });
    expect(configs.sections()).toEqual([]);
    const others = await new Kvm(client).open('others');
    await others.put('meter', '{}');
    expect((await natsConfigs({ servers: server.url, bucket: 'others' })).sections()).toEqual(['meter']);
  });

  it('brings each change to the agent that it concerns, also one that was made before the host was there', async () => {
    await kv.put('meter', '{ "rate": 1 }');
    const configs = await load();
    await kv.put('meter', '{ "rate": 2 }');
    host = createHost({ configs, log: silentLog });
    const rates: unknown[] = [];
    host.outputs$.subscribe(({ value }) => rates.push(value));
    const two = firstValueFrom(host.outputs$.pipe(filter(({ value }) => value === 2)));
    await host.start(meter);
    await two;
    const three = firstValueFrom(host.outputs$.pipe(filter(({ value }) => value === 3)));
    await kv.put('other', '{ "rate": 9 }');
    await kv.put('meter', '{ "rate": 3 }');
    await three;
    expect([rates[0] === 1 || rates[0] === 2, rates.at(-1)]).toEqual([true, 3]);
    expect(rates).not.toContain(9);
  });

  it('keeps the present config when another does not fit, or is no JSON, and tells of it', async () => {
    await kv.put('meter', '{ "rate": 1 }');
    const { rates, rate, error } = await started();
    const bad = error();
    await kv.put('meter', '{ "rate": "x" }');
    expect(await bad).toMatchObject({ agent: 'meter', code: 'bad-config' });
    const worse = error();
    await kv.put('meter', '{ "rate": ');
    expect(await worse).toMatchObject({
      code: 'bad-config-file',
      message: expect.stringMatching(/^meter in the bucket rx-configs is no JSON/),
    });
    await kv.put('meter', '{ "rate": 2 }');
    await rate(2);
    expect(rates).toEqual([1, 2]);
  });

  it('goes on behind a restart of the server', async () => {
    await kv.put('meter', '{ "rate": 1 }');
    const { rate } = await started();
    await kv.put('meter', '{ "rate": 2 }');
    await rate(2);
    await server.kill();
    await server.start();
    for (let tries = 0; ; tries++) {
      try {
        await kv.put('meter', '{ "rate": 3 }');
        break;
      } catch (error) {
        if (tries === 50) throw error;
      }
    }
    await rate(3);
  }, 60_000);

  it('refuses what is no JSON when it is loaded, and options that there are not', async () => {
    await kv.put('meter', 'rate: 3');
    await expect(load()).rejects.toMatchObject({ code: 'bad-config-file' });
    await expect(natsConfigs({ bucket: 'a.b' })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(natsConfigs({ env: {} } as never)).rejects.toMatchObject({ code: 'bad-option' });
    await expect(
      natsConfigs({ servers: 'nats://127.0.0.1:1', connectTimeout: '100ms' }),
    ).rejects.toMatchObject({
      code: 'bus-failed',
    });
  });
});
