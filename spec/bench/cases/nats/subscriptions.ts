import { defineAgent, topic } from 'rx-agent-kit';
import { z } from 'zod';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { cpuOf, expectCount, memoryInUse } from '../../harness/measure';
import { busOf, hostOn, RAW, withClient, withServer } from './overNats';

const COUNT = 1000;

const reading = topic('devices/:unit', z.object({ celsius: z.number() }));
const units = Array.from({ length: COUNT }, (_, n) => `u${n}`);

/** Subscribes to all, and sends one message to each when the last one holds. */
async function subscribeAll(subscribe: () => Promise<void>, sendAll: () => Promise<void>): Promise<Figures> {
  const before = memoryInUse();
  const start = performance.now();
  const cpu = await cpuOf(subscribe);
  const took = performance.now() - start;
  const memory = (memoryInUse() - before) / COUNT;
  await sendAll();
  return { took, cpu: cpu / 1e6, memory };
}

const kit = (): Promise<Figures> =>
  withServer(async (servers) => {
    const host = hostOn(servers, 'site');
    const bus = await busOf(host);
    const heard = new Set<string>();
    let arrived = (): void => undefined;
    const all = (): Promise<void> => new Promise((resolve) => (arrived = resolve));
    const subscribe = async (): Promise<void> => {
      await host.start(
        defineAgent({
          name: 'site',
          streams: (context) =>
            Object.fromEntries(units.map((unit) => [`${unit}$`, context.bus.messages(reading.at({ unit }))])),
        }),
      );
      const last = all();
      bus.publish(reading.at({ unit: units.at(-1) ?? '' }), { celsius: 0 });
      await last;
    };
    host.outputs$.subscribe(({ stream }) => {
      heard.add(stream);
      if (heard.size === 1 || heard.size === COUNT) arrived();
    });
    return subscribeAll(subscribe, async () => {
      const done = all();
      for (const unit of units) bus.publish(reading.at({ unit }), { celsius: 1 });
      await done;
      expectCount(heard.size, COUNT);
    });
  });

const raw = (): Promise<Figures> =>
  withServer((servers) =>
    withClient(servers, async (client) => {
      const heard = new Set<string>();
      const subscribe = async (): Promise<void> => {
        for (const unit of units)
          client.subscribe(`devices.${unit}`, {
            callback: (_error, message) => {
              message.json();
              heard.add(unit);
            },
          });
        await client.flush();
      };
      return subscribeAll(subscribe, async () => {
        for (const unit of units) client.publish(`devices.${unit}`, JSON.stringify({ celsius: 1 }));
        await client.flush();
        expectCount(heard.size, COUNT);
      });
    }),
  );

export const subscriptionCases: readonly BenchCase[] = [
  {
    name: 'NATS, subscriptions',
    sides: { kit, [RAW]: raw },
    rows: [
      {
        name: 'NATS, an agent with 1,000 subscriptions starts, until the last one holds',
        figure: 'took',
        unit: 'ms',
        per: 1,
        target: { kind: 'at-most', rival: RAW, floor: 250, aim: 100 },
      },
      {
        name: 'NATS, an agent with 1,000 subscriptions: memory of each',
        figure: 'memory',
        unit: 'B',
        per: 1,
        target: { kind: 'at-most', rival: RAW, floor: 10_000, aim: 5000 },
      },
    ],
  },
];
