import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { defineAgent, type Host, topic } from 'rx-agent-kit';
import { z } from 'zod';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { elapse, percentile } from '../../harness/measure';
import { busOf, hostOn, RAW, withClient, withServer } from './overNats';

// What is published is kept before it counts, and what is handled is acknowledged. Both sides have a stream that keeps
// what is taken under a name until it is acknowledged.

const ONE_BY_ONE = 2000;
const AT_ONCE = 500;
const MESSAGES = 40_000;
const WARM_UP = 4000;

const order = topic('orders/:id', z.object({ item: z.string(), n: z.number() }), { durable: true });
const SUBJECT = 'orders.o1';
const NAME = 'desk';

/** @param publish sends a message; what it gives or `confirmed` resolves when it is kept */
async function publishWith(
  publish: (n: number) => unknown,
  confirmed: () => Promise<void>,
  scale: number,
): Promise<Figures> {
  const many = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += AT_ONCE) {
      const sent = Array.from({ length: AT_ONCE }, (_, nth) => publish(n + nth));
      await Promise.all(sent);
      await confirmed();
    }
  };
  await many(WARM_UP);
  const spans = new Float64Array(ONE_BY_ONE * scale);
  for (const n of spans.keys()) {
    const start = performance.now();
    await publish(n);
    await confirmed();
    spans[n] = performance.now() - start;
  }
  const start = performance.now();
  const count = MESSAGES * scale;
  await many(count);
  return { p50: percentile(spans, 0.5), each: ((performance.now() - start) * 1e6) / count };
}

/** A name that takes the messages, so that they are kept; without it nobody wants them. */
async function known(servers: string): Promise<void> {
  const host = hostOn(servers, 'desk');
  await host.start(taker(() => undefined));
  await withClient(servers, async (client) => {
    const manager = await jetstreamManager(client);
    for (let names = 0; names === 0; await elapse(10))
      for await (const { state } of manager.streams.list()) names += state.consumer_count;
  });
  await host.stop();
}

const taker = (take: () => void) =>
  defineAgent({
    name: 'desk',
    streams: ({ bus, handle }) => ({
      taken$: bus.messages(order, { durable: NAME }).pipe(
        handle.merge(async ({ payload }) => {
          if (payload.item === 'lamp') take();
        }),
      ),
    }),
  });

/** Gives the time for each from the first on that is taken. */
function takeAll(count: number): { readonly take: () => void; readonly each: Promise<Figures> } {
  let taken = 0;
  let start = 0;
  let before = process.cpuUsage();
  let done: (figures: Figures) => void;
  const each = new Promise<Figures>((resolve) => (done = resolve));
  const take = (): void => {
    taken++;
    if (taken === WARM_UP) {
      start = performance.now();
      before = process.cpuUsage();
    } else if (taken === WARM_UP + count) {
      const { user, system } = process.cpuUsage(before);
      done({
        each: ((performance.now() - start) * 1e6) / count,
        cpu: ((user + system) * 1000) / count,
      });
    }
  };
  return { take, each };
}

/** The stream and the name that a raw client makes for the same. */
async function rawStream(client: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(client);
  const retention = RetentionPolicy.Interest;
  await manager.streams.add({ name: 'orders', subjects: ['orders.*'], retention });
  await manager.consumers.add('orders', {
    durable_name: NAME,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: 256,
  });
}

const kitPublish = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    await known(servers);
    const host = hostOn(servers, 'shop');
    const bus = await busOf(host);
    const address = order.at({ id: 'o1' });
    return publishWith(
      (n) => bus.publish(address, { item: 'lamp', n }),
      () => host.kept(),
      scale,
    );
  });

const rawPublish = (scale: number): Promise<Figures> =>
  withServer((servers) =>
    withClient(servers, async (client) => {
      await rawStream(client);
      const js = jetstream(client);
      let id = 0;
      return publishWith(
        // With an id, as it has to be if it is to be sent again when no answer comes.
        (n) =>
          js.publish(SUBJECT, JSON.stringify({ item: 'lamp', n }), { msgID: `m${++id}`, timeout: 10_000 }),
        () => Promise.resolve(),
        scale,
      );
    }),
  );

/** Fills the stream by a raw client, for either side. */
async function fill(servers: string, count: number): Promise<void> {
  await withClient(servers, async (client) => {
    const js = jetstream(client);
    for (let n = 0; n < count; n += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, nth) =>
          // Of many topics, as orders are: those of one wait for each other.
          js.publish(`orders.o${n + nth}`, JSON.stringify({ item: 'lamp', n }), { timeout: 10_000 }),
        ),
      );
  });
}

const kitConsume = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    await known(servers);
    const { take, each } = takeAll(MESSAGES * scale);
    await fill(servers, WARM_UP + MESSAGES * scale);
    const host: Host = hostOn(servers, 'desk');
    await host.start(taker(take));
    return each;
  });

const rawConsume = (scale: number): Promise<Figures> =>
  withServer((servers) =>
    withClient(servers, async (client) => {
      await rawStream(client);
      const { take, each } = takeAll(MESSAGES * scale);
      await fill(servers, WARM_UP + MESSAGES * scale);
      const consumer = await jetstream(client).consumers.get('orders', NAME);
      await consumer.consume({
        max_messages: 100,
        callback: (message) => {
          if (message.json<{ item: string }>().item === 'lamp') take();
          message.ack();
        },
      });
      return each;
    }),
  );

const share = { kind: 'less-than', rival: RAW, floor: 0.8, aim: 0.95 } as const;

export const durableCases: readonly BenchCase[] = [
  {
    name: 'NATS, durable publish',
    sides: { kit: kitPublish, [RAW]: rawPublish },
    rows: [
      {
        name: 'NATS, durable publish until it is confirmed, one at a time: p50',
        figure: 'p50',
        unit: 'ms',
        per: 1,
        target: share,
      },
      {
        name: `NATS, durable publish until it is confirmed, ${AT_ONCE} at a time: time each`,
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: share,
      },
    ],
  },
  {
    name: 'NATS, durable consume',
    sides: { kit: kitConsume, [RAW]: rawConsume },
    rows: [
      {
        name: 'NATS, durable messages handled and acknowledged: time each',
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: { kind: 'less-than', rival: RAW, floor: 0.7, aim: 0.95 },
      },
      {
        name: 'NATS, durable messages handled and acknowledged: CPU each',
        figure: 'cpu',
        unit: 'µs',
        per: 1000,
        target: { kind: 'none', rival: RAW },
      },
    ],
  },
];
