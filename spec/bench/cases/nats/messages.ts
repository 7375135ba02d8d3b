import { defineAgent, topic } from 'rx-agent-kit';
import { tap } from 'rxjs';
import { z } from 'zod';
import type { BenchCase, Figures } from '../../harness/BenchCase';
import { turn } from '../../harness/measure';
import { Peer, type Role } from '../../harness/Peer';
import { busOf, hostOn, RAW, withClient, withServer } from './overNats';

// One process publishes as fast as it can, and another one has a handler for what comes.

const MESSAGES = 200_000;
const WARM_UP = 20_000;
const PER_TURN = 250;

const reading = topic('devices/:building/:unit', z.object({ celsius: z.number(), valve: z.string() }));
const SUBJECT = 'devices.b1.u7';

type Publish = (celsius: number) => void;

/** Publishes twice, once to get warm, and gives the time for each from the first published to the last handled. */
async function sendTo(handler: Peer, publish: Publish, count: number): Promise<Figures> {
  const send = async (messages: number): Promise<void> => {
    for (let n = 0; n < messages; n++) {
      publish(n);
      if (n % PER_TURN === PER_TURN - 1) await turn();
    }
  };
  await send(WARM_UP);
  await handler.next();
  const before = process.cpuUsage();
  const start = performance.now();
  await send(count);
  const there = await handler.next();
  const each = ((performance.now() - start) * 1e6) / count;
  const { user, system } = process.cpuUsage(before);
  return { each, cpu: ((user + system) * 1000 + (there['cpu'] ?? NaN)) / count };
}

/** Counts what is handled, and says when the warming up is through and when all is. */
function counter(say: (figures?: Figures) => void, count: number): () => void {
  let handled = 0;
  let before = process.cpuUsage();
  return () => {
    handled++;
    if (handled === WARM_UP) {
      before = process.cpuUsage();
      say();
    } else if (handled === WARM_UP + count) {
      const { user, system } = process.cpuUsage(before);
      say({ cpu: (user + system) * 1000 });
    }
  };
}

export const messageRoles: Readonly<Record<string, Role>> = {
  'kit handler': async (say, servers = '', count = '') => {
    const handled = counter(say, Number(count));
    const site = defineAgent({
      name: 'site',
      streams: ({ lifecycle, bus, handle }) => ({
        readings$: bus.messages(reading.at({ building: 'b1' })).pipe(
          handle.concat(
            async ({ payload }) => {
              if (payload.valve === 'open') handled();
              else say();
            },
            { buffer: Infinity },
          ),
        ),
        // What comes back behind the subscription says that it holds.
        probe$: lifecycle.start$.pipe(
          tap(() => bus.publish(reading.at({ building: 'b1', unit: 'u0' }), { celsius: 0, valve: 'shut' })),
        ),
      }),
    });
    await hostOn(servers, 'site').start(site);
  },
  'raw handler': async (say, servers = '', count = '') => {
    const handled = counter(say, Number(count));
    await withClient(servers, async (client) => {
      client.subscribe('devices.b1.*', {
        callback: (_error, message) => {
          if (message.json<{ valve: string }>().valve === 'open') handled();
        },
      });
      await client.flush();
      say();
      await client.closed();
    });
  },
};

const kit = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    const count = MESSAGES * scale;
    const peer = await Peer.start('kit handler', servers, count);
    const bus = await busOf(hostOn(servers, 'meter'));
    const address = reading.at({ building: 'b1', unit: 'u7' });
    return sendTo(peer, (celsius) => bus.publish(address, { celsius, valve: 'open' }), count);
  });

const raw = (scale: number): Promise<Figures> =>
  withServer(async (servers) => {
    const count = MESSAGES * scale;
    const peer = await Peer.start('raw handler', servers, count);
    return withClient(servers, (client) =>
      sendTo(peer, (celsius) => client.publish(SUBJECT, JSON.stringify({ celsius, valve: 'open' })), count),
    );
  });

export const messageCases: readonly BenchCase[] = [
  {
    name: 'NATS, messages',
    sides: { kit, [RAW]: raw },
    rows: [
      {
        name: 'NATS, from publish to a handler in another process: time each',
        figure: 'each',
        unit: 'µs',
        per: 1000,
        target: { kind: 'less-than', rival: RAW, floor: 0.7, aim: 0.95 },
      },
      {
        name: 'NATS, from publish to a handler in another process: CPU of both, each',
        figure: 'cpu',
        unit: 'µs',
        per: 1000,
        target: { kind: 'none', rival: RAW },
      },
    ],
  },
];
